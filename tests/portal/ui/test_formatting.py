"""Times, phone numbers, URLs and names as texts for people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from portal.ui import formatting
from portal.ui.phone_numbers import E164, parse_phone_number

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=1), "today at 13:00"),
        (timedelta(hours=14), "yesterday at 23:00"),
        (timedelta(days=40), "on 17 February 2026"),
        (-timedelta(hours=9), "today at 23:00"),
        (-timedelta(hours=10), "tomorrow at 00:00"),
        (-timedelta(days=2), "on 31 March 2026"),
    ],
)
def test_a_time_is_described_by_its_day(time_machine, ago, expected):
    """The clocks of Berlin went forward that morning, which is no reason to be an hour off."""
    time_machine.move_to(NOON, tick=False)

    with timezone.override("Europe/Berlin"):
        assert formatting.friendly_datetime(NOON - ago) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (timedelta(minutes=5), "today at 14:05"),
        (timedelta(minutes=5, microseconds=1), "today at 14:06"),
        (timedelta(hours=10), "tomorrow at 00:00"),
        (timedelta(hours=24), "tomorrow at 14:00"),
    ],
)
def test_a_time_to_come_is_never_one_that_is_too_early(time_machine, until, expected):
    time_machine.move_to(NOON, tick=False)

    with timezone.override("Europe/Berlin"):
        assert formatting.upcoming_datetime(NOON + until) == expected


@pytest.mark.parametrize(
    ("moment", "english", "german"),
    [
        # The clocks of Berlin go forward that night.
        (datetime(2027, 3, 27, 23, 30, tzinfo=BERLIN), "on 29 March 2027 at 00:30", "am 29. März 2027 um 00:30 Uhr"),
        (
            datetime(2026, 3, 16, 23, 59, 30, tzinfo=BERLIN),
            "on 18 March 2026 at 00:00",
            "am 18. März 2026 um 00:00 Uhr",
        ),
        (datetime(2026, 3, 16, 23, 59, tzinfo=BERLIN), "tomorrow at 23:59", "morgen um 23:59 Uhr"),
        # They go back that night.
        (datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN), "today at 23:30", "heute um 23:30 Uhr"),
    ],
)
def test_a_day_from_now_is_not_always_tomorrow(time_machine, moment, english, german):
    time_machine.move_to(moment, tick=False)
    later = moment.astimezone(UTC) + timedelta(hours=24)

    with timezone.override("Europe/Berlin"):
        assert formatting.upcoming_datetime(later) == english
        with translation.override("de"):
            assert formatting.upcoming_datetime(later) == german


def test_a_time_for_a_mail_has_its_zone():
    with translation.override("de"):
        assert formatting.datetime_with_zone(NOON, "America/New_York") == "29. März 2026, 08:00 (America/New_York)"


def test_a_phone_number_is_formatted_as_in_its_country():
    assert formatting.format_phone("+447700900101") == "+44 7700 900101"
    assert formatting.format_phone("nonsense") == "nonsense"


def test_a_url_is_shown_without_scheme_and_www():
    assert formatting.display_url("https://www.acme.example/") == "acme.example"


@pytest.mark.parametrize(
    ("name", "letter"), [("acme", "A"), ("«Ärzte»", "Ä"), ("7 Seas", "7"), ("***", "·"), ("", "·")]
)
def test_a_business_without_a_logo_has_a_first_letter(name, letter):
    assert formatting.first_letter(name) == letter


def test_a_person_is_greeted_by_the_first_name():
    assert formatting.first_name("Ana Maria Pereira") == "Ana"
    assert formatting.first_name("") == ""


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Brandt, Ida", "Ida"),
        ("O'Neill, Pat Jr.", "Pat"),
        ("Cher,", "Cher"),
        ("ida@example.com", ""),
        ("https://example.com Ida", ""),
        ("{business}", "{business}"),
        ("علی\u200cرضا کریمی", "علی\u200cرضا"),
        ("李 小龍", "李"),
    ],
)
def test_a_greeting_has_a_first_name_or_none(name, greeted):
    assert formatting.first_name(name) == greeted


@pytest.mark.parametrize(
    ("country", "example"),
    [
        ("DE", "+49 171 3920012"),
        ("GB", "+44 7700 900123"),
        ("AT", "+43 664 123456"),
        ("XX", "+44 7700 900123"),
    ],
)
def test_a_number_is_shown_as_an_example_for_each_country(country, example):
    assert formatting.example_phone(country) == example
    assert E164.fullmatch(parse_phone_number(example, country=country))
