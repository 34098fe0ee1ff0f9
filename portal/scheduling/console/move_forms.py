"""The forms by which staff move appointments and blocked times: start, length and calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from portal.scheduling.console.appointment_forms import AppointmentTimeForm
from portal.scheduling.console.calendar_range import parse_range
from portal.scheduling.forms.durations import MINUTES_PER_DAY, DurationField
from portal.scheduling.models import StaffCalendar
from portal.scheduling.services import BlockedPeriod
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField
from portal.ui.input_cleaning import parse_uuid
from tenants.staff.request_types import StaffRequest

MIN_MINUTES = 5
MAX_BACK_LENGTH = 300


class AppointmentMoveForm(AppointmentTimeForm):
    """Where an appointment is moved. `version` is the one that was seen; `back` is the query string of the calendar."""

    minutes = DurationField(label=_("Length"), min_minutes=MIN_MINUTES, max_minutes=MINUTES_PER_DAY, required=False)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    is_silent = forms.BooleanField(label=_("Don’t tell the client"), required=False)
    back = SingleLineField(required=False, max_length=MAX_BACK_LENGTH, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_length: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields(["day", "time", "minutes", "calendar", "is_silent"])
        if not has_length:
            del self.fields["minutes"]


class BlockedTimeMoveForm(AppointmentTimeForm):
    """Where a blocked time is moved. `seen` says where it was when the form was made."""

    minutes = DurationField(label=_("Length"), min_minutes=MIN_MINUTES, max_minutes=366 * MINUTES_PER_DAY)
    seen = SingleLineField(required=False, max_length=200, widget=forms.HiddenInput)
    back = SingleLineField(required=False, max_length=MAX_BACK_LENGTH, widget=forms.HiddenInput)

    def __init__(self, *args: Any, calendars: Sequence[StaffCalendar], zone: ZoneInfo, **kwargs: Any):
        super().__init__(*args, calendars=calendars, zone=zone, **kwargs)
        set_choices(self, "calendar", [(str(row.pk), row.name) for row in calendars])

    @property
    def period(self) -> BlockedPeriod:
        """Return the time that was filled in."""
        starts_at = self.cleaned_data["starts_at"]
        ends_at = starts_at + timedelta(minutes=self.cleaned_data["minutes"])
        return BlockedPeriod(self.calendar_id, starts_at, ends_at)


def format_period(period: BlockedPeriod) -> str:
    """Return a blocked time as a form sends it back."""
    return "/".join((str(period.calendar_id), period.starts_at.isoformat(), period.ends_at.isoformat()))


def parse_period(text: str) -> BlockedPeriod | None:
    """Return the blocked time that `format_period` wrote; None for any other text."""
    calendar, _slash, instants = text.partition("/")
    starts, _slash, ends = instants.partition("/")
    calendar_id = parse_uuid(calendar)
    try:
        starts_at, ends_at = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    except ValueError:
        return None
    has_zones = starts_at.tzinfo and ends_at.tzinfo
    return BlockedPeriod(calendar_id, starts_at, ends_at) if calendar_id and has_zones else None


def read_times(starts_at: datetime, ends_at: datetime, calendar_id: UUID) -> dict[str, Any]:
    """Return what a form shows of a time, by the business's clocks."""
    local = timezone.localtime(starts_at)
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    return {"calendar": str(calendar_id), "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "minutes": minutes}


def redirect_to_calendar(request: StaffRequest, back: str, day: date, entry_id: UUID) -> HttpResponse:
    """Lead back to the calendar as it was shown, or to the day if it isn't on that page, with an entry focused."""
    shown = parse_range(QueryDict(back).dict(), today=day)
    shown = shown if day in shown.days else shown.show(shown.view, day)
    url = f"{reverse('console:calendar', kwargs={'business': request.slug})}?{shown.query}#entry-{entry_id}"
    return lead_to(request, url)


def lead_to(request: StaffRequest, url: str) -> HttpResponse:
    """Lead to a page from a form, or from one that a script has sent."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
