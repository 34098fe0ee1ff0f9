"""Tests that public holidays are those of the place, in the language asked for, and that no place is an error."""

from datetime import date

import holidays
import pytest

from portal.scheduling import public_holidays
from portal.scheduling.public_holidays import PublicHoliday, is_supported, list_public_holidays, list_subdivisions

COUNTRIES = sorted(holidays.list_supported_countries(include_aliases=False))
# Nobody lives there, martial law has suspended them, or the library does not know the year's yet.
WITHOUT_HOLIDAYS = {"BV", "HM", "IO", "LK", "UA"}


def _find_dates(country, subdivision=None, year=2027):
    return {holiday.on for holiday in list_public_holidays(country, subdivision, years=[year], language="en")}


def test_bavaria_has_holidays_that_berlin_has_not():
    bavarian = list_public_holidays("DE", "BY", years=[2027], language="de")
    assert PublicHoliday(on=date(2027, 1, 6), name="Heilige Drei Könige") in bavarian
    assert date(2027, 1, 6) not in _find_dates("DE", "BE")
    assert date(2027, 3, 8) in _find_dates("DE", "BE")
    assert date(2027, 10, 3) in _find_dates("DE", "BE") & _find_dates("DE", "BY") & _find_dates("DE")


def test_scotland_and_england_have_different_holidays():
    english, scottish = _find_dates("GB", "ENG"), _find_dates("GB", "SCT")
    assert date(2027, 3, 29) in english - scottish  # Easter Monday
    assert date(2027, 8, 30) in english - scottish
    assert {date(2027, 1, 2), date(2027, 8, 2), date(2027, 11, 30)} <= scottish - english


def test_a_holiday_on_a_sunday_is_also_made_up_for():
    found = {holiday.on: holiday.name for holiday in list_public_holidays("US", years=[2027], language="en")}
    assert found[date(2027, 7, 4)] == "Independence Day"
    assert found[date(2027, 7, 5)] == "Independence Day (observed)"
    assert found[date(2027, 11, 25)] == "Thanksgiving Day"


def test_two_holidays_on_one_day_are_one_day_with_both_names():
    found = list_public_holidays("US", "CA", years=[2027], language="en")
    assert PublicHoliday(on=date(2027, 2, 15), name="Presidents' Day, Susan B. Anthony Day") in found
    assert len({holiday.on for holiday in found}) == len(found)


def test_several_years_are_listed_once_each_and_by_date():
    found = [holiday.on for holiday in list_public_holidays("FR", years=[2028, 2027, 2028], language="en")]
    assert found == sorted(set(found))
    assert {day.year for day in found} == {2027, 2028}


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("DE", "de", "Neujahr"),
        ("DE", "en", "New Year's Day"),
        ("DE", "tlh", "New Year's Day"),
        ("AT", "de-at", "Neujahr"),
        ("FR", "fr", "Jour de l'an"),
        ("IT", "it", "Capodanno"),
        ("JP", "de", "New Year's Day"),
        ("NZ", "de", "New Year's Day"),
    ],
)
def test_a_holiday_is_named_in_the_language_or_else_in_english(country, language, name, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "th")
    public_holidays._list_year.cache_clear()
    assert list_public_holidays(country, years=[2027], language=language)[0].name == name


def test_english_is_that_of_the_country():
    names = {holiday.name for holiday in list_public_holidays("FK", years=[2027], language="en")}
    assert "HM The King's Birthday" in names  # in American English: King's Birthday
    names = {holiday.name for holiday in list_public_holidays("CA", years=[2027], language="de")}
    assert "Labour Day" in names


@pytest.mark.parametrize("country", ["XX", "", "de", "GBR", "UK", "HolidayBase", "utils", "../etc"])
def test_an_unknown_country_has_no_holidays_and_no_subdivisions(country):
    assert not is_supported(country)
    assert list_public_holidays(country, "BY", years=[2027], language="en") == []
    assert list_subdivisions(country) == []


@pytest.mark.parametrize("subdivision", [None, "", "ZZ", "by", "Bayern"])
def test_an_unknown_subdivision_has_the_holidays_of_the_whole_country(subdivision):
    assert _find_dates("DE", subdivision) == _find_dates("DE", None)


@pytest.mark.parametrize("year", [-1, 0, 1, 1850, 1999, 2300, 9999, 10_000])
@pytest.mark.parametrize("country", ["DE", "IN"])
def test_no_year_is_an_error_or_a_warning(country, year):
    public_holidays._list_year.cache_clear()
    assert len(list_public_holidays(country, years=[year], language="en")) < 30


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_country_but_a_few_has_named_holidays(language):
    without = set()
    for country in COUNTRIES:
        for subdivision in (None, *(code for code, _name in list_subdivisions(country)[:2])):
            found = list_public_holidays(country, subdivision, years=[2027], language=language)
            assert all(holiday.name and holiday.on.year == 2027 for holiday in found), (country, subdivision)
            without |= set() if found else {country}
    assert without == WITHOUT_HOLIDAYS


def test_subdivisions_are_listed_by_name():
    assert list_subdivisions("GB") == [
        ("ENG", "England"),
        ("NIR", "Northern Ireland"),
        ("SCT", "Scotland"),
        ("WLS", "Wales"),
    ]
    german = list_subdivisions("DE")
    assert german[:3] == [("Augsburg", "Augsburg"), ("BW", "Baden-Württemberg"), ("BY", "Bayern")]
    assert ("971", "Guadeloupe") in list_subdivisions("FR")  # no abbreviation such as GP
    assert [name for _code, name in list_subdivisions("AT")][2:4] == ["Niederösterreich", "Oberösterreich"]
    assert list_subdivisions("JP") == []


def test_every_listed_subdivision_is_understood():
    for country in ("AT", "CH", "DE", "ES", "IT", "US"):
        for code, name in list_subdivisions(country):
            assert holidays.country_holidays(country, code, years=2027, language="en_US"), (country, name)
