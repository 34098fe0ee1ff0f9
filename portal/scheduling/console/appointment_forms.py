"""The forms by which staff book, move, decline and cancel appointments, and block time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.scheduling.console.calendar_range import FIRST_DAY, LAST_DAY
from portal.scheduling.models import Service, StaffCalendar
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField
from portal.ui.input_cleaning import parse_uuid

DAY_ERROR = _("Enter a date, such as 2027-01-31.")
TIME_ERROR = _("Enter a time, such as 09:30.")
MAX_REASON_LENGTH, MAX_NOTE_LENGTH = 600, 2000


class DayField(forms.DateField):
    """A date, with the browser's own picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any):
        super().__init__(error_messages={"required": DAY_ERROR, "invalid": DAY_ERROR}, **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return a date that calendars and PostgreSQL can hold."""
        day = super().clean(value)
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(DAY_ERROR)
        return day


class WallTimeField(forms.TimeField):
    """A time of day to the minute, with the browser's own picker."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **kwargs: Any):
        super().__init__(error_messages={"required": TIME_ERROR, "invalid": TIME_ERROR}, **kwargs)

    def clean(self, value: Any) -> time | None:
        """Return the time without seconds."""
        wall = super().clean(value)
        return wall.replace(second=0, microsecond=0) if wall else None


class AppointmentTimeForm(forms.Form):
    """When an appointment takes place, by the business's clocks, and in whose calendar; empty for anybody's."""

    calendar = forms.ChoiceField(label=_("With"), required=False)
    day = DayField(label=_("Date"))
    time = WallTimeField(label=_("Start"))

    def __init__(self, *args: Any, calendars: Sequence[StaffCalendar], zone: ZoneInfo, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone = zone
        set_choices(self, "calendar", [("", _("Anybody who is free")), *_build_choices(calendars)])

    @property
    def calendar_id(self) -> Any:
        """Return the key of the calendar that was chosen, or None for anybody's."""
        return parse_uuid(self.cleaned_data["calendar"])

    def clean(self) -> dict[str, Any]:
        """Add the instant as `starts_at`."""
        data = super().clean() or {}
        if data.get("day") and data.get("time"):
            try:
                data["starts_at"] = find_instant(data["day"], data["time"], self.zone)
            except ValidationError as error:
                self.add_error("time", error)
        return data


class NewAppointmentForm(AppointmentTimeForm):
    """A new appointment: what, when and with whom."""

    service = forms.ChoiceField(label=_("Service"), error_messages={"required": _("Choose a service.")})
    note = MultiLineField(
        label=_("Note"), required=False, max_length=MAX_NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, services: Sequence[Service], **kwargs: Any):
        super().__init__(*args, **kwargs)
        set_choices(self, "service", _build_choices(services))


class BlockedTimeForm(forms.Form):
    """A time that nobody can book in one calendar."""

    calendar = forms.ChoiceField(label=_("Calendar"), error_messages={"required": _("Choose a calendar.")})
    title = SingleLineField(label=_("Title"), required=False, max_length=120)
    day = DayField(label=_("From"))
    time = WallTimeField(label=_("Start"))
    end_day = DayField(label=_("Until"), required=False)
    end_time = WallTimeField(label=_("End"))

    def __init__(self, *args: Any, calendars: Sequence[StaffCalendar], zone: ZoneInfo, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.zone = zone
        set_choices(self, "calendar", _build_choices(calendars))

    def clean(self) -> dict[str, Any]:
        """Add the instants as `starts_at` and `ends_at`; without a last day it ends on the first."""
        data = super().clean() or {}
        if not all(data.get(name) for name in ("day", "time", "end_time")) or "end_day" in self.errors:
            return data
        for name, day, wall in (("starts_at", "day", "time"), ("ends_at", "end_day", "end_time")):
            try:
                data[name] = find_instant(data[day] or data["day"], data[wall], self.zone)
            except ValidationError as error:
                self.add_error(wall, error)
        if not self.errors and data["ends_at"] <= data["starts_at"]:
            self.add_error("end_time", _("The end must be after the start."))
        return data


class ReasonForm(forms.Form):
    """Why an appointment is declined or cancelled, for the client to read."""

    reason = SingleLineField(label=_("Reason"), required=False, max_length=MAX_REASON_LENGTH)


def find_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time in UTC; of one that is shown twice, the first. Raises ValidationError."""
    local = datetime.combine(day, wall, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValidationError(_("This time doesn’t exist on that day: the clocks go forward."))
    return instant


def _build_choices(rows: Sequence[Service] | Sequence[StaffCalendar]) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in rows]
