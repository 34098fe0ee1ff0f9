"""The form for a client's own preferences."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.ui.form_choices import set_choices
from portal.ui.time_zones import ZoneChoices, group_zones_by_region


def _list_time_zone_choices() -> list[tuple[str, str | ZoneChoices]]:
    return [("", gettext("Same as the business")), *group_zones_by_region().items()]


class LocalePreferencesForm(forms.Form):
    """The language and time zone a client reads the portal in; empty means the business's own."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_list_time_zone_choices)

    def __init__(self, *args, languages: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "language", [("", _("Same as the business")), *languages])
