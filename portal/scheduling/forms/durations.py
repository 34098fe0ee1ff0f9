"""Durations as people type, choose and read them; inside, they are minutes."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui.form_fields import SingleLineField
from tenants.text_cleaning import to_ascii_digits

MINUTES_PER_HOUR, MINUTES_PER_DAY = 60, 1440
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
NUMBER, WORD = r"(\d{1,5}(?:[.,]\d{1,2})?)(?!\d)\s*", r"([^\W\d_]{1,20})\.?\s*"
PART = re.compile(f"{NUMBER}(?:{WORD})?")
# How words for units begin, in the languages of the console.
UNITS = {"": 1, "m": 1, "h": MINUTES_PER_HOUR, "st": MINUTES_PER_HOUR, "d": MINUTES_PER_DAY, "t": MINUTES_PER_DAY}


class InvalidDuration(ValueError):
    """A text is no duration of whole minutes."""


def parse_duration(text: str) -> int:
    """Return the minutes of a text such as 45, 45 min, 1:30, 1 h 30 min or 2 days. Raises InvalidDuration."""
    typed = to_ascii_digits(text).casefold().strip()
    if clock := CLOCK.fullmatch(typed):
        return int(clock[1]) * MINUTES_PER_HOUR + int(clock[2])
    # Only the last number may be without a unit, as in 1 h 30.
    if not re.fullmatch(f"(?:{NUMBER}{WORD})*{PART.pattern}", typed):
        raise InvalidDuration
    minutes = sum(_parse_part(*part.groups()) for part in PART.finditer(typed))
    if minutes != int(minutes):
        raise InvalidDuration
    return int(minutes)


def format_duration(minutes: int) -> str:
    """Return minutes as the fewest units that say them, such as 45 min, 1 h 30 min or 2 days."""
    days, rest = divmod(minutes, MINUTES_PER_DAY)
    hours, minutes_left = divmod(rest, MINUTES_PER_HOUR)
    parts = [ngettext("%(number)d day", "%(number)d days", days) % {"number": days}] if days else []
    parts += [_("%(number)d h") % {"number": hours}] if hours else []
    parts += [_("%(number)d min") % {"number": minutes_left}] if minutes_left or not parts else []
    return " ".join(parts)


def list_duration_choices(minutes: Iterable[int], current: int | None) -> list[tuple[int, str]]:
    """Return durations to choose among, the current one with them."""
    every = sorted({*minutes, *([] if current is None else [current])})
    return [(each, format_duration(each)) for each in every]


class DurationField(SingleLineField):
    """A duration that is typed; its value is a whole number of minutes, or None."""

    def __init__(self, *, min_minutes: int = 0, max_minutes: int, **kwargs: Any):
        super().__init__(**{"max_length": 40} | kwargs)
        self.min_minutes, self.max_minutes = min_minutes, max_minutes

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows: minutes as people write them, or what was typed."""
        return format_duration(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return the minutes, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            minutes = parse_duration(typed)
        except InvalidDuration as error:
            raise ValidationError(_("Enter a duration such as 45 min or 1 h 30 min.")) from error
        self._check_limits(minutes)
        return minutes

    def _check_limits(self, minutes: int) -> None:
        if minutes < self.min_minutes:
            raise ValidationError(_("Enter at least %(limit)s.") % {"limit": format_duration(self.min_minutes)})
        if minutes > self.max_minutes:
            raise ValidationError(_("Enter at most %(limit)s.") % {"limit": format_duration(self.max_minutes)})


def _parse_part(number: str, word: str | None) -> Decimal:
    word = word or ""
    unit = next((factor for start, factor in UNITS.items() if start and word.startswith(start)), None)
    if unit is None and word:
        raise InvalidDuration
    return Decimal(number.replace(",", ".")) * (unit or 1)
