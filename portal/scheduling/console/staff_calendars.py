"""Pages for the calendars of those who give services, and for their weekly hours."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.calendar_summaries import summarise_calendar
from portal.scheduling.console.row_editing import SETUP_PERMISSION, describe_saved, get_row_for_edit
from portal.scheduling.forms.calendar_form import CalendarForm
from portal.scheduling.forms.weekly_hours_form import WeeklyHoursForm, copy_monday_to_workdays
from portal.scheduling.models import Service, StaffCalendar
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tenants.staff.team import list_members

FIELDS = ("name", "person_id", "time_zone", "daily_limit", "is_active")
HOURS_COLUMNS = ("weekday", "starts_minute", "ends_minute")


@membership_required(SETUP_PERMISSION)
def list_calendars(request: StaffRequest) -> HttpResponse:
    """List the staff calendars with their hours."""
    rows = StaffCalendar.objects.prefetch_related("opening_hours", "services").order_by("-is_active", "name", "pk")
    calendars = [summarise_calendar(calendar) for calendar in rows]
    return render(request, "console/scheduling/calendars.html", {"calendars": calendars})


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def add_calendar(request: StaffRequest) -> HttpResponse:
    """Add a calendar that is open from Monday to Friday, and go on to its hours."""
    every = [str(pk) for pk in Service.objects.filter(archived_at=None).values_list("pk", flat=True)]
    initial = {"time_zone": request.business.time_zone, "services": every, "is_active": True}
    form = _build_form(request, initial=initial)
    if form.is_valid() and (calendar := _try_save(request, form)):
        messages.success(request, _("Calendar added. Check its weekly hours."))
        return redirect("console:staff-calendar-hours", business=request.slug, pk=calendar.pk)
    return render(request, "console/scheduling/calendar.html", {"form": form}, status=form.error_status)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_calendar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change a calendar. Appointments that are agreed stay, also when it takes no more bookings."""
    calendar, now = get_row_for_edit(request, StaffCalendar.objects.all(), pk), database_clock.now()
    form = _build_form(request, current=_read_calendar(calendar))
    coming = services.query_coming_in_calendar(calendar, now=now).count()
    if form.is_valid() and _try_save(request, form, calendar):
        stays = coming and not form.cleaned_data["is_active"]
        messages.success(request, describe_saved(coming) if stays else _("Saved."))
        return redirect("console:staff-calendars", business=request.slug)
    context = {"form": form, "calendar": calendar, "coming": coming}
    return render(request, "console/scheduling/calendar.html", context, status=form.error_status)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_weekly_hours(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Edit the weekly hours of a calendar, or copy Monday's to the other workdays before they are saved."""
    calendar = get_row_for_edit(request, StaffCalendar.objects.all(), pk)
    copies = request.POST.get("copy") == "monday"
    data = copy_monday_to_workdays(request.POST) if copies else request.POST or None
    form = WeeklyHoursForm(data, hours=list(calendar.opening_hours.values_list(*HOURS_COLUMNS)))
    if form.is_valid() and not copies:
        now = database_clock.now()
        services.set_weekly_hours(calendar=calendar, hours=form.hours, staff=request.staff, now=now)
        messages.success(request, _("Hours saved. Appointments that are agreed stay."))
        return redirect("console:staff-calendars", business=request.slug)
    context = {"form": form, "calendar": calendar, "is_copied": copies}
    return render(request, "console/scheduling/weekly_hours.html", context, status=form.error_status)


def _build_form(request: StaffRequest, **kwargs: Any) -> CalendarForm:
    return CalendarForm(
        request.POST if request.method == "POST" else None,
        members=list(list_members(request.business)),
        services=list(Service.objects.filter(archived_at=None)),
        **kwargs,
    )


def _read_calendar(calendar: StaffCalendar) -> dict[str, Any]:
    given = calendar.services.filter(archived_at=None).values_list("pk", flat=True)
    return {name: getattr(calendar, name) for name in FIELDS} | {"services": [str(pk) for pk in given]}


def _try_save(request: StaffRequest, form: CalendarForm, calendar: StaffCalendar | None = None) -> StaffCalendar | None:
    """Save a calendar and what is given there; None, with an error, where the member has a calendar already."""
    who: dict[str, Any] = {"staff": request.staff, "now": database_clock.now()}
    try:
        saved = (
            services.change_calendar(calendar=calendar, **form.values, **who)
            if calendar
            else services.add_calendar(**form.values, **who)
        )
    except services.CalendarExists:
        form.add_error("person_id", _("This member of your team has a calendar already."))
        return None
    services.set_calendar_services(calendar=saved, service_ids=form.service_ids, **who)
    return saved
