"""The public holidays of a country or a part of it, as the library `holidays` knows them."""

import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays import HolidayBase

from portal.ui.text_folding import fold_text

# The library warns of years of which it knows only a part. Python's warning filters belong to the whole process,
# so only one thread at a time may replace them.
_WARNINGS_LOCK = threading.Lock()


@dataclass(frozen=True)
class PublicHoliday:
    """One day on which the people of a place are off work; a day with two reasons names both."""

    on: date
    name: str


def is_supported(country: str) -> bool:
    """Tell whether the public holidays of a country, named by its two letters, are known."""
    return country in holidays.list_supported_countries(include_aliases=False)


def list_subdivisions(country: str) -> list[tuple[str, str]]:
    """Return code and name of the parts of a country with public holidays of their own, by name; may be empty."""
    if not is_supported(country):
        return []
    names: dict[str, list[str]] = {}
    for alias, code in _get_entity(country).subdivisions_aliases.items():
        names.setdefault(code, []).append(alias)
    codes = holidays.list_supported_countries(include_aliases=False)[country]
    found = [(code, _choose_name(names.get(code, [code]))) for code in codes]
    return sorted(found, key=lambda subdivision: fold_text(subdivision[1]))


def list_public_holidays(
    country: str, subdivision: str | None = None, *, years: Iterable[int], language: str
) -> list[PublicHoliday]:
    """Return the public holidays of whole years by date, with the days on which they are made up for.

    They are named in the language if the library has it, else in English, else in a language of the country. An
    unknown country has none; an unknown subdivision has those of the whole country.
    """
    if not is_supported(country):
        return []
    if subdivision not in holidays.list_supported_countries(include_aliases=False)[country]:
        subdivision = None
    locale = _choose_language(country, language)
    return [found for year in sorted(set(years)) for found in _list_year(country, subdivision, year, locale)]


@lru_cache(maxsize=1024)
def _list_year(country: str, subdivision: str | None, year: int, language: str | None) -> tuple[PublicHoliday, ...]:
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        days = holidays.country_holidays(country, subdivision, years=year, expand=False, language=language)
    return tuple(PublicHoliday(on=day, name=", ".join(days.get_list(day))) for day in sorted(days))


def _choose_language(country: str, language: str) -> str | None:
    """Return a language in which the library has the holidays' names; None where it has names in one only.

    The library must not choose: it would read the environment of the process.
    """
    entity, locale = _get_entity(country), language.replace("-", "_")
    base = locale.partition("_")[0]
    variants = sorted(one for one in entity.supported_languages if one.startswith(f"{base}_"))
    wanted = (locale, f"{base}_{country}", base, *variants, f"en_{country}", "en_US")
    return next((one for one in wanted if one in entity.supported_languages), entity.default_language)


def _choose_name(aliases: list[str]) -> str:
    """Return the first name that is no abbreviation, else the first."""
    return max(aliases, key=lambda alias: len(alias) > 3)


def _get_entity(country: str) -> type[HolidayBase]:
    return getattr(holidays, country)
