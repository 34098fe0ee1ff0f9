"""The form for a client's own preferences."""

from functools import cache
from importlib.resources import files

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.ui.form_choices import set_choices

Choices = list[tuple[str, str]]


@cache
def _group_zones_by_region() -> dict[str, Choices]:
    """Return each region's time zones with their cities. zone.tab lists every country's zones and no aliases."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    regions: dict[str, Choices] = {}
    for zone in sorted(row.split("\t")[2] for row in table.splitlines() if not row.startswith("#")):
        region, _slash, city = zone.partition("/")
        regions.setdefault(region, []).append((zone, city.replace("_", " ")))
    return regions


def _list_time_zone_choices() -> list[tuple[str, str | Choices]]:
    return [("", gettext("Same as the business")), *_group_zones_by_region().items()]


class LocalePreferencesForm(forms.Form):
    """The language and time zone a client reads the portal in; empty means the business's own."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_list_time_zone_choices)

    def __init__(self, *args, languages: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "language", [("", _("Same as the business")), *languages])
