"""Names, URLs, phone numbers, sizes and times as texts for people, in the active language."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

# Mobile numbers that the regulators of these countries keep for examples and films, so that nobody is called. Those of
# the library are made up, but some of them belong to somebody.
UNASSIGNED_MOBILE_NUMBERS = {"AU": "+61491570156", "DE": "+491713920012", "FR": "+33639980012", "GB": "+447700900123"}


def first_letter(name: str) -> str:
    """Return the first letter of a name, for a monogram where there is no logo."""
    return next((letter.upper() for letter in name if letter.isalnum()), "·")


def first_name(name: str) -> str:
    """Return the first word of a name, for a greeting: of “Last, First” the first, of an address nothing."""
    last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else last).split()
    return "" if not words or "@" in words[0] or "://" in words[0] else words[0]


def display_url(url: str) -> str:
    """Return a URL without scheme, www and final slash."""
    return url.partition("//")[2].removeprefix("www.").rstrip("/") or url


def format_count(number: int) -> str:
    """Return a whole number with separated thousands."""
    return number_format(number, force_grouping=True)


def format_megabytes(size: int) -> str:
    """Return a size in bytes as whole megabytes of 2²⁰ bytes each, as file managers show them."""
    return f"{format_count(size // 2**20)} MB"


def format_phone(number: str) -> str:
    """Return an E.164 number with the spaces usual in its country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def example_phone(country: str) -> str:
    """Return a mobile number of a country as an example, with its country code and the spaces usual there."""
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if country in UNASSIGNED_MOBILE_NUMBERS or example is None:
        return format_phone(UNASSIGNED_MOBILE_NUMBERS.get(country, UNASSIGNED_MOBILE_NUMBERS["GB"]))
    return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def friendly_datetime(instant: datetime) -> str:
    """Return a time as text: with the hour from yesterday to tomorrow, otherwise only the date."""
    local = timezone.localtime(instant)
    time = local.strftime("%H:%M")
    days = timezone.localdate() - local.date()
    if days == timedelta(0):
        return _("today at %(time)s") % {"time": time}
    if days == timedelta(days=-1):
        return _("tomorrow at %(time)s") % {"time": time}
    if days == timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": time}
    return _("on %(day)s") % {"day": date_format(local, pgettext("date format", "j F Y"))}


def upcoming_datetime(instant: datetime) -> str:
    """Return a time to come as text, to the minute and never an earlier one: with its date unless that is near."""
    local = timezone.localtime(instant + timedelta(minutes=1, microseconds=-1))
    time = local.strftime("%H:%M")
    days = local.date() - timezone.localdate()
    if days == timedelta(0):
        return _("today at %(time)s") % {"time": time}
    if days == timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": time}
    day = date_format(local, pgettext("date format", "j F Y"))
    return _("on %(day)s at %(time)s") % {"day": day, "time": time}


def exact_datetime(instant: datetime, zone: str = "") -> str:
    """Return a time as date and time, to the minute, in a zone or the current one."""
    local = timezone.localtime(instant, ZoneInfo(zone) if zone else None)
    return f"{date_format(local, pgettext('date format', 'j F Y'))}, {local:%H:%M}"


def datetime_with_zone(instant: datetime, zone: str) -> str:
    """Return a time as date, time and zone, for mails that are read anywhere.

    Where the zone's clocks show the same time twice that day, the offset says which of the two it is.
    """
    local = instant.astimezone(ZoneInfo(zone))
    is_shown_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    offset = f", {local.tzname()}" if is_shown_twice else ""
    return f"{exact_datetime(instant, zone)} ({zone}{offset})"
