"""What may a client change about themselves?"""

from functools import cache
from importlib.resources import files

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, str]]


@cache
def _regions() -> dict[str, Choices]:
    """Return each region's time zones and their places. The table has every country's own zones and no aliases."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    regions: dict[str, Choices] = {}
    for name in sorted(row.split("\t")[2] for row in table.splitlines() if not row.startswith("#")):
        region, _slash, place = name.partition("/")
        regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return regions


def _zones() -> list[tuple[str, str | Choices]]:
    return [("", gettext("As the business")), *_regions().items()]


class PreferencesForm(forms.Form):
    """The language and time zone a client reads the portal in; empty means the business's own."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_zones)

    def __init__(self, *args, languages: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the business")), *languages]
