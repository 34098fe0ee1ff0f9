"""Which lines of the activity page does somebody want to see?"""

from datetime import date

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.activity.staffs import Wanted
from portal.activity.verbs import Verb

# The first half of a verb, as people would call it.
KINDS = {
    "clients": _("Clients"),
    "access": _("Signing in"),
    "messaging": _("Messages"),
    "support": _("Support"),
    "portal": _("Client Portal"),
    "intake": _("Forms"),
    "team": _("Team"),
    "activity": _("Activity"),
}
EARLIEST, LATEST = date(2000, 1, 1), date(9000, 1, 1)


def kinds() -> list[tuple[str, object]]:
    """Return the kinds that some verb has, with their names."""
    found = dict.fromkeys(verb.partition(".")[0] for verb in Verb.values)
    return [(kind, KINDS.get(kind, kind.capitalize())) for kind in found]


class FilterForm(forms.Form):
    """Person, kind, client and days; an odd value in the address filters nothing."""

    person = forms.UUIDField(label=_("Person"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: [("", _("Everything")), *kinds()])
    client = forms.CharField(label=_("Client"), required=False, max_length=80)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        everybody = [("", _("Everybody")), *((str(pk), name) for pk, name in people)]
        self.fields["person"].widget = forms.Select(choices=everybody)

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """Return in English words what was asked for, for the timeline."""
        wanted, people = self.wanted, dict(self.fields["person"].widget.choices)
        with translation.override("en"):
            said = {
                "person": str(people.get(str(wanted.person), "")) if wanted.person else "",
                "kind": str(KINDS.get(wanted.kind, wanted.kind)),
                "client": wanted.client,
                "since": wanted.since.isoformat() if wanted.since else "",
                "until": wanted.until.isoformat() if wanted.until else "",
            }
            return [(str(self.fields[name].label), value) for name, value in said.items() if value]

    @property
    def wanted(self) -> Wanted:
        """Return what was asked for, without what makes no sense."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        for end in ("since", "until"):
            if end in given and not EARLIEST <= given[end] <= LATEST:
                del given[end]
        if "\0" in given.get("client", ""):
            del given["client"]
        return Wanted(**given)
