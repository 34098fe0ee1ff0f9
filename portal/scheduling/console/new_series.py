"""The page on which staff see all dates of repeating appointments before they are booked."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.scheduling.console.series_form import RepeatingAppointmentForm
from portal.scheduling.console.staff_booking import build_staff_query, read_typed_values
from portal.scheduling.models import AppointmentSeries, Service, StaffCalendar
from portal.scheduling.services import TimeTaken, series
from portal.scheduling.services.series import Occurrence, SeriesPlan, SeriesTimesTaken
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.request_types import StaffRequest

MAX_SKIPPED = 200


def book_or_preview_series(
    request: StaffRequest, form: RepeatingAppointmentForm, client: Client, service: Service
) -> HttpResponse:
    """Show all dates with those that are taken; book them once they were seen and the taken ones may be skipped."""
    plan = _build_plan(request, form, service)
    key = parse_uuid(request.POST.get("request_key", ""))
    if key is None:
        occurrences = series.list_planned_occurrences(plan, client_id=client.pk, now=database_clock.now())
        return _render_preview(request, client, service, occurrences, status=200)
    try:
        booked = _book(request, plan, client, note=form.cleaned_data["note"], key=key)
    except (SeriesTimesTaken, series.UnknownOccurrence, series.NoTimeLeft, TimeTaken):
        occurrences = series.list_planned_occurrences(plan, client_id=client.pk, now=database_clock.now())
        return _render_preview(request, client, service, occurrences, status=409)
    return _redirect(request, booked)


def _build_plan(request: StaffRequest, form: RepeatingAppointmentForm, service: Service) -> SeriesPlan:
    data, rule = form.cleaned_data, form.rule
    assert rule, "the appointment repeats"
    return SeriesPlan(
        query=build_staff_query(request.business, service, form.calendar_id, data["starts_at"]),
        first_local=datetime.combine(data["day"], data["time"]),
        time_zone=request.business.time_zone,
        rule=rule,
        skipped=_read_skipped(request.POST.getlist("skip")),
    )


def _read_skipped(values: Sequence[str]) -> frozenset[datetime]:
    """Return the starts that a page names as skipped; what is no instant with a zone is none of the series either."""
    found = set()
    for value in values[:MAX_SKIPPED]:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            continue
        if instant.tzinfo:
            found.add(instant)
    return frozenset(found)


def _book(request: StaffRequest, plan: SeriesPlan, client: Client, *, note: str, key: UUID) -> AppointmentSeries:
    now = database_clock.now()
    return series.book_series(plan, client=client, note=note, request_key=key, staff=request.staff, now=now)


def _render_preview(
    request: StaffRequest, client: Client, service: Service, occurrences: Sequence[Occurrence], *, status: int
) -> HttpResponse:
    """Show the dates of a series; what was typed goes along, to be sent again or changed."""
    typed = {name: value for name, value in read_typed_values(request.POST).items() if name != "client"}
    free = [one.entry_time for one in occurrences if one.entry_time]
    if free:
        # Whoever staff see here is who they book, although somebody else may be free more often by then.
        typed["calendar"] = str(free[0].calendar_id)
    calendar = StaffCalendar.objects.filter(pk=free[0].calendar_id).first() if free else None
    context: dict[str, Any] = {
        "client": client,
        "service": service,
        "calendar": calendar,
        "occurrences": occurrences,
        "free": free,
        "taken": [one for one in occurrences if one.problem],
        "has_shifted": any(one.is_shifted for one in occurrences),
        "typed": typed,
        "request_key": uuid.uuid4(),
        "has_changed": status == 409,
    }
    return render(request, "console/scheduling/new_series.html", context, status=status)


def _redirect(request: StaffRequest, booked: AppointmentSeries) -> HttpResponse:
    first = booked.appointments.order_by("series_position").first()
    if first is None:
        return redirect("console:calendar", business=request.slug)
    messages.success(request, _("Booked: %(number)d appointments.") % {"number": booked.appointments.count()})
    return redirect("console:appointment", business=request.slug, pk=first.pk)
