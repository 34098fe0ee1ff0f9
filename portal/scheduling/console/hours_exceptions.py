"""The pages for days with other hours, and for public holidays."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION, describe_saved
from portal.scheduling.forms.clock_times import HoursSpan, describe_span
from portal.scheduling.forms.exception_form import ExceptionForm
from portal.scheduling.forms.holidays_form import HolidaysForm
from portal.scheduling.models import HoursException, StaffCalendar
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

MAX_LISTED = 200


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def list_exceptions(request: StaffRequest) -> HttpResponse:
    """List the coming days with other hours, and add some."""
    now = database_clock.now()
    calendars = list(StaffCalendar.objects.all())
    form = ExceptionForm(request.POST or None, calendars=calendars, today=_get_today(request))
    if form.is_valid():
        added = services.add_exception(staff=request.staff, now=now, **form.values)
        zone = added.calendar.time_zone if added.calendar else request.business.time_zone
        coming = services.query_coming_on_days(added, zone, now=now).count()
        messages.success(request, describe_saved(coming) if coming else _("Saved."))
        return redirect("console:hours-exceptions", business=request.slug)
    context = {"form": form, "exceptions": _list_coming(_get_today(request))}
    return render(request, "console/scheduling/exceptions.html", context, status=422 if form.errors else 200)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def remove_exception(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let the weekly hours hold again on the days of an exception."""
    exception = get_object_or_404(HoursException, pk=pk)
    services.remove_exception(exception=exception, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Removed. The weekly hours hold again."))
    return redirect("console:hours-exceptions", business=request.slug)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def choose_public_holidays(request: StaffRequest) -> HttpResponse:
    """Show the public holidays of a country or a part of it, and close all calendars on them."""
    data = request.POST if request.method == "POST" else None
    form = HolidaysForm(data, initial=_choose_place(request), today=_get_today(request))
    if form.is_valid():
        _add_holidays(request, form)
        return redirect("console:hours-exceptions", business=request.slug)
    status = 422 if form.errors else 200
    return render(request, "console/scheduling/public_holidays.html", {"form": form}, status=status)


def _choose_place(request: StaffRequest) -> dict[str, str]:
    """Return the place that is asked for, or else the one of last time, or else the business's country."""
    if "country" in request.GET:
        return {name: request.GET.get(name, "") for name in ("country", "subdivision")}
    rules = services.get_scheduling_settings(request.business)
    country = rules.holiday_country or request.business.country
    return {"country": country, "subdivision": rules.holiday_subdivision}


def _add_holidays(request: StaffRequest, form: HolidaysForm) -> None:
    who: dict[str, Any] = {"staff": request.staff, "now": database_clock.now()}
    services.change_scheduling_settings(
        business=request.business,
        holiday_country=form.chosen_country,
        holiday_subdivision=form.chosen_subdivision,
        **who,
    )
    days = [(holiday.on, holiday.name) for holiday in form.list_holidays()]
    added = services.add_public_holidays(holidays=days, country=form.chosen_country, **who)
    text = ngettext("%(number)d public holiday added.", "%(number)d public holidays added.", added)
    messages.success(request, text % {"number": added})


def _get_today(request: StaffRequest) -> date:
    return database_clock.now().astimezone(ZoneInfo(request.business.time_zone)).date()


def _list_coming(today: date) -> list[dict[str, Any]]:
    """Return the exceptions that are not over, each with what it says."""
    rows = HoursException.objects.filter(ends_on__gte=today).select_related("calendar")[:MAX_LISTED]
    return [{"exception": row, "hours": _describe_hours(row)} for row in rows]


def _describe_hours(exception: HoursException) -> str:
    if exception.starts_minute is None or exception.ends_minute is None:
        return _("Closed")
    hours = describe_span(HoursSpan(exception.starts_minute, exception.ends_minute))
    return _("%(hours)s, extra") % {"hours": hours} if exception.is_addition else hours
