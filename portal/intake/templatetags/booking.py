"""Template tags and filters of the booking pages: addresses of their place, times, zones and prices."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.booking_pages import MonthPage, format_business_time, format_clock_time
from portal.scheduling.models import Service
from portal.ui.money import format_amount
from portal.ui.time_zones import group_zones_by_region

register = template.Library()


@register.simple_tag
def booking_url(visit: BookingVisit, name: str, *arguments: object) -> str:
    """Return the address of a page of the place at which the visitor books."""
    return visit.place.build_url(name, *arguments)


@register.simple_tag
def next_free_day(page: MonthPage) -> date | None:
    """Return the first free day after the one that is shown."""
    free = [day.on for week in page.weeks for day in week if day.is_in_month and day.is_free]
    later = (on for on in free if page.chosen_on and on > page.chosen_on)
    return page.next_free_on or next(later, None)


@register.simple_tag
def local_time_with_zone(visit: BookingVisit, instant: datetime) -> str:
    """Return an instant as date, time and zone of the visitor."""
    zone = visit.zone
    return f"{local_day(instant, zone)}, {format_clock_time(instant, zone)} ({zone_name(zone.key)})"


@register.simple_tag
def business_time(visit: BookingVisit, instant: datetime) -> str:
    """Return a time by the business's clocks; empty where the visitor's say the same."""
    return format_business_time(instant, visit.zone, ZoneInfo(visit.business.time_zone))


@register.simple_tag
def zone_options(chosen: str) -> SafeString:
    """Return the options of all time zones by region, and the chosen one even if it has another name."""
    regions = group_zones_by_region()
    is_listed = any(zone == chosen for zones in regions.values() for zone, _city in zones)
    other = SafeString("") if is_listed else format_html("<option selected>{}</option>", chosen)
    groups = format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((region, _build_options(zones, chosen)) for region, zones in regions.items()),
    )
    return SafeString(other + groups)


@register.filter
def long_day(day: date) -> str:
    """Return a date with its weekday."""
    return date_format(day, pgettext("date format", "l, j F Y"))


@register.filter
def short_day(day: date) -> str:
    """Return a date of the coming months with its weekday, in short."""
    return date_format(day, pgettext("date format", "D j M"))


@register.filter
def local_day(instant: datetime, zone: ZoneInfo) -> str:
    """Return the date of an instant by the clocks of a zone."""
    return long_day(instant.astimezone(zone).date())


@register.filter
def short_local_day(instant: datetime, zone: ZoneInfo) -> str:
    """Return the date of an instant by the clocks of a zone, in short."""
    return short_day(instant.astimezone(zone).date())


@register.filter
def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return a time by the clocks of a zone, told apart from the other where it comes twice."""
    return format_clock_time(instant, zone)


@register.filter
def zone_name(key: str) -> str:
    """Return the name of a time zone as people read it."""
    return key.replace("_", " ")


@register.filter
def zone_parameter(visit: BookingVisit) -> str:
    """Return the parameter by which an address keeps the visitor's zone; empty for the business's."""
    return urlencode({"zone": visit.stored_zone}) if visit.stored_zone else ""


@register.filter
def as_further_parameters(query_string: str) -> str:
    """Return parameters to put after others."""
    return f"&{query_string}" if query_string else ""


@register.filter
def is_tick_box(field: BoundField) -> bool:
    """Tell whether a field is a tick box, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def duration_and_price(service: Service) -> str:
    """Return how long a service takes, and what it costs if the business says so."""
    duration = format_duration(timedelta(minutes=service.duration))
    if service.price_amount is None:
        return duration
    amount, currency = service.price_amount, service.price_currency
    price = format_amount(amount, currency) if amount else gettext("free of charge")
    return f"{duration} · {price}"


def format_duration(duration: timedelta) -> str:
    """Return a duration in hours and minutes."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    parts = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours else []
    if minutes or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    return " ".join(parts)


def _build_options(zones: list[tuple[str, str]], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((zone, SafeString(" selected") if zone == chosen else "", city) for zone, city in zones),
    )
