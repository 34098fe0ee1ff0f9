"""Template filters that say days and times in the reader's language and the active time zone."""

from datetime import date, datetime
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

register = template.Library()


class Period(Protocol):
    """What begins and ends at an instant: an appointment, a calendar entry or a block of the calendar."""

    starts_at: datetime
    ends_at: datetime


@register.filter
def long_day(day: date) -> str:
    """Return a date with its weekday, such as Monday, 11 January 2027."""
    return date_format(_get_date(day), pgettext("date format", "l, j F Y"))


@register.filter
def short_day(day: date) -> str:
    """Return a date without its year, such as Mon 11 Jan."""
    return date_format(_get_date(day), pgettext("date format", "D j M"))


@register.filter
def month_name(day: date) -> str:
    """Return the month of a date with its year."""
    return date_format(_get_date(day), "F Y")


@register.filter
def weekday_name(day: date) -> str:
    """Return the weekday of a date, short."""
    return date_format(_get_date(day), "D")


@register.filter
def time_range(period: Period) -> str:
    """Return when something begins and ends, such as 10:00–11:00; with the day of an end on another."""
    starts, ends = timezone.localtime(period.starts_at), timezone.localtime(period.ends_at)
    end = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{short_day(ends)}, {ends:%H:%M}"
    return f"{starts:%H:%M}–{end}"


def _get_date(day: date) -> date:
    return timezone.localtime(day).date() if isinstance(day, datetime) else day
