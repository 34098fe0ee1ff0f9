"""The filter form of the activity page."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.activity.queries import AuditFilter
from portal.ui.form_fields import SingleLineField
from tenants.nouns import registry

EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)


class AuditFilterForm(forms.Form):
    """Person, kind, client and days; an invalid value in the URL filters nothing."""

    person = forms.UUIDField(label=_("Person"), required=False)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=lambda: [("", _("All")), *registry.get_event_area_labels().items()]
    )
    client = SingleLineField(label=_("Client"), required=False, max_length=80)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, actors, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("Everybody")), *((str(pk), name) for pk, name in actors)]
        self.fields["person"].widget = forms.Select(choices=choices)

    @property
    def audit_filter(self) -> AuditFilter:
        """Return the filter that was submitted, without invalid values."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("since", "until"):
            if name in values and not EARLIEST <= values[name] <= LATEST:
                del values[name]
        return AuditFilter(**values)
