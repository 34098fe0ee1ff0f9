"""The form by which public holidays are chosen: of a country, or of a part of it."""

from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.public_holidays import PublicHoliday, is_supported, list_public_holidays, list_subdivisions
from portal.ui.form_choices import set_choices
from portal.ui.text_folding import fold_text

# Holidays are added for this year and so many more.
YEARS_AHEAD = 2


class HolidaysForm(forms.Form):
    """A country, and what part of it if its parts have holidays of their own."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    subdivision = forms.ChoiceField(label=gettext_lazy("State or region"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        countries = list_countries(translation.get_language() or "en")
        set_choices(self, "country", countries)
        typed = self.data.get("country") if self.is_bound else self.initial.get("country")
        self.chosen_country = typed if typed in dict(countries) else ""
        self.subdivisions = list_subdivisions(self.chosen_country)
        whole = ("", _("The whole country"))
        set_choices(self, "subdivision", [whole, *self.subdivisions])

    @property
    def chosen_subdivision(self) -> str:
        """Return the part of the country that is chosen, or an empty text for all of it."""
        typed = self.data.get("subdivision") if self.is_bound else self.initial.get("subdivision")
        return typed if typed in dict(self.subdivisions) else ""

    def list_holidays(self) -> list[PublicHoliday]:
        """Return the holidays that are still to come, of this year and the next two."""
        years = range(self.today.year, self.today.year + YEARS_AHEAD + 1)
        language = translation.get_language() or "en"
        found = list_public_holidays(
            self.chosen_country, self.chosen_subdivision or None, years=years, language=language
        )
        return [holiday for holiday in found if holiday.on >= self.today]


@cache
def list_countries(language: str) -> list[tuple[str, str]]:
    """Return the countries whose public holidays are known, by name in a language."""
    names = Locale.parse(translation.to_locale(language)).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and is_supported(code)]
    return sorted(found, key=lambda country: fold_text(country[1]))
