"""Template filters for times, numbers, URLs and names."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from portal.clients.models import Contact
from portal.ui.templatetags import ui

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=1), "today at 13:00"),
        (timedelta(hours=14), "yesterday at 23:00"),
        (timedelta(days=40), "on 17 February 2026"),
    ],
)
def test_a_time_is_described_by_its_day(time_machine, ago, expected):
    """The clocks of Berlin went forward that morning, which is no reason to be an hour off."""
    time_machine.move_to(NOON, tick=False)

    with timezone.override("Europe/Berlin"):
        assert ui.friendly_datetime(NOON - ago) == expected


def test_a_time_for_a_mail_has_its_zone():
    with translation.override("de"):
        assert ui.datetime_with_zone(NOON, "America/New_York") == "29. März 2026, 08:00 (America/New_York)"


def test_a_number_is_spaced_as_its_country_does():
    assert ui.format_phone("+447700900101") == "+44 7700 900101"
    assert ui.format_phone("nonsense") == "nonsense"


def test_an_address_on_file_has_the_icon_and_form_of_its_kind():
    email = Contact(kind=Contact.Kind.EMAIL, value="ana@example.com")
    mobile = Contact(kind=Contact.Kind.PHONE, value="+447700900101")

    assert (ui.contact_icon(email), ui.contact_value(email)) == ("envelope", "ana@example.com")
    assert (ui.contact_icon(mobile), ui.contact_value(mobile)) == ("device-phone-mobile", "+44 7700 900101")


@pytest.mark.parametrize(
    ("name", "icon"),
    [("Safari on iPhone", "device-phone-mobile"), ("Firefox on Windows", "computer-desktop"), ("", "computer-desktop")],
)
def test_a_phone_has_another_icon_than_a_computer(name, icon):
    assert ui.device_icon(name) == icon


def test_a_url_is_shown_without_scheme_and_www():
    assert ui.display_url("https://www.acme.example/") == "acme.example"


@pytest.mark.parametrize(
    ("name", "letter"), [("acme", "A"), ("«Ärzte»", "Ä"), ("7 Seas", "7"), ("***", "·"), ("", "·")]
)
def test_a_business_without_a_logo_has_a_first_letter(name, letter):
    assert ui.first_letter(name) == letter


def test_a_person_is_greeted_by_the_first_name():
    assert ui.first_name("Ana Maria Pereira") == "Ana"
    assert ui.first_name("") == ""
