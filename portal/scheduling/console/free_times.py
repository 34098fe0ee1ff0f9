"""The page on which staff look for the next free times of a service."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.scheduling import services
from portal.scheduling.console.appointment_forms import DayField
from portal.scheduling.console.staff_booking import FreeTime, build_staff_query, find_search_start, list_free_times
from portal.scheduling.models import Service, StaffCalendar
from portal.ui.form_choices import set_choices
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


class FreeTimesForm(forms.Form):
    """What free times are looked for: of which service, in whose calendar, from which day on."""

    service = forms.ChoiceField(label=_("Service"), error_messages={"required": _("Choose a service.")})
    calendar = forms.ChoiceField(label=_("With"), required=False)
    day = DayField(label=_("From"))

    def __init__(self, *args: Any, services: Sequence[Service], calendars: Sequence[StaffCalendar], **kwargs: Any):
        super().__init__(*args, **kwargs)
        set_choices(self, "service", [(str(row.pk), row.name) for row in services])
        set_choices(self, "calendar", [("", _("Anybody")), *((str(row.pk), row.name) for row in calendars)])


@membership_required("appointments.view")
def find_free_times(request: StaffRequest) -> HttpResponse:
    """Ask for a service, and list its next free times, each with a link that books it."""
    offered = list(services.query_services_with_needs().filter(archived_at=None))
    calendars = list(StaffCalendar.objects.filter(is_active=True))
    today = timezone.localdate(database_clock.now()).isoformat()
    data = request.GET if "service" in request.GET else None
    initial = {"day": today} | {name: request.GET[name][:80] for name in ("day", "calendar") if name in request.GET}
    form = FreeTimesForm(data, initial=initial, services=offered, calendars=calendars)
    found = _find(request, form, offered, calendars) if form.is_valid() else None
    context = {"form": form, "services": offered, "free_times": found}
    return render(request, "console/scheduling/free_times.html", context, status=422 if form.errors else 200)


def _find(
    request: StaffRequest, form: FreeTimesForm, offered: Sequence[Service], calendars: Sequence[StaffCalendar]
) -> dict[date, list[tuple[FreeTime, str]]]:
    """Return the next free times by day, each with the query string that fills it into the form of a booking."""
    now, data = database_clock.now(), form.cleaned_data
    service = next(each for each in offered if str(each.pk) == data["service"])
    start = find_search_start(data["day"], request.business, now=now)
    query = build_staff_query(request.business, service, parse_uuid(data["calendar"]), start)
    zone = ZoneInfo(request.business.time_zone)
    return {
        day: [(free, _build_link(service, free, data["calendar"], zone)) for free in times]
        for day, times in list_free_times(query, calendars, now=now).items()
    }


def _build_link(service: Service, free: FreeTime, calendar: str, zone: ZoneInfo) -> str:
    local = free.starts_at.astimezone(zone)
    values = {"service": str(service.pk), "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}
    return urlencode(values | ({"calendar": calendar} if calendar else {}))
