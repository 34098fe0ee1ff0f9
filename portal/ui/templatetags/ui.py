"""Template tags and filters for form fields, URLs, names, numbers, times and colours."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import phonenumbers
from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.ui import colour
from portal.ui.colour import Palette
from tenants import user_agents

register = template.Library()

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
WHITESPACE_BETWEEN_TAGS = re.compile(r">\s+<")


@register.simple_tag
def form_control(
    field: BoundField, css: str = "input", *, attributes: Mapping[str, str] = NO_ATTRIBUTES, **attrs: str
) -> SafeString:
    """Render a form field's input, linked to its help and error text for screen readers."""
    notes = [f"{field.auto_id}-help"] if attrs.pop("help", "") else []
    if field.errors:
        notes.append(f"{field.auto_id}-error")
    extra: dict[str, str | bool] = {"class": css}
    extra.update({name.replace("_", "-"): value for name, value in {**attributes, **attrs}.items() if value})
    if notes:
        extra["aria-describedby"] = " ".join(notes)
    if field.errors:
        extra["aria-invalid"] = "true"
    # Between the options of a long list, indentation would take more bytes than the labels.
    return SafeString(WHITESPACE_BETWEEN_TAGS.sub("><", field.as_widget(attrs=extra)))


@register.filter
def label_with_optional(field: BoundField) -> str:
    """Return a field's label, marked where the field is optional."""
    if field.field.required:
        return str(field.label)
    return _("%(label)s (optional)") % {"label": field.label}


@register.filter
def first_letter(name: str) -> str:
    """Return the first letter of a name, for a monogram where there is no logo."""
    return next((letter.upper() for letter in name if letter.isalnum()), "·")


@register.filter
def first_name(name: str) -> str:
    """Return the first word of a name, for a greeting."""
    return name.split()[0] if name.split() else ""


@register.filter
def display_url(url: str) -> str:
    """Return a URL without scheme, www and final slash."""
    return url.partition("//")[2].removeprefix("www.").rstrip("/") or url


@register.filter
def format_phone(number: str) -> str:
    """Return an E.164 number with the spaces usual in its country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def friendly_datetime(instant: datetime) -> str:
    """Return a past time as text: with the hour for today and yesterday, before that only the date."""
    local = timezone.localtime(instant)
    time = local.strftime("%H:%M")
    days = timezone.localdate() - local.date()
    if days <= timedelta(0):
        return _("today at %(time)s") % {"time": time}
    if days == timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": time}
    return _("on %(day)s") % {"day": date_format(local, pgettext("date format", "j F Y"))}


@register.filter
def datetime_with_zone(instant: datetime, zone: str) -> str:
    """Return a time as date, time and zone, for mails that are read anywhere."""
    local = timezone.localtime(instant, ZoneInfo(zone))
    return f"{date_format(local, pgettext('date format', 'j F Y'))}, {local:%H:%M} ({zone})"


@register.filter
def palette(brand: str) -> Palette:
    """Return the palette of a brand colour."""
    return colour.build_palette(brand)


@register.filter
def device_label(name: str) -> str:
    """Return a device's name, `Firefox on Windows`, in the reader's language."""
    return user_agents.translate_label(name)


@register.filter
def device_icon(name: str) -> str:
    """Return the icon of a device by its name: a phone for phones and tablets, else a computer."""
    is_handheld = any(word in name for word in ("iPhone", "iPad", "Android"))
    return "device-phone-mobile" if is_handheld else "computer-desktop"
