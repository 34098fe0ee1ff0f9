"""The page on which a client is put on the waiting list of a service."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.network_limits import rate_limit
from portal.access.request_types import ClientSessionRequest
from portal.clients.decorators import client_required
from portal.intake.booking.places import PORTAL_PLACE
from portal.intake.booking.views.services import render_missing_service
from portal.intake.booking.views.visits import BookingVisit, build_visit
from portal.scheduling.booking_pages import parse_day
from portal.scheduling.forms.waiting_list_form import WaitingListForm
from portal.scheduling.models import PartOfDay, Service, StaffCalendar
from portal.scheduling.services.waiting_list.entries import (
    AlreadyWaiting,
    WaitingListFull,
    get_today,
    join_waiting_list,
)
from portal.scheduling.services.waiting_list.preferences import InvalidPreferences

SUGGESTED_DAYS = timedelta(days=13)
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@rate_limit("booking", "BOOKINGS_PER_IP")
def wait_for_service(request: ClientSessionRequest, pk: UUID) -> HttpResponse:
    """Ask in which days and at what time of day the client would come, and put them on the list."""
    visit = build_visit(request, PORTAL_PLACE)
    service = visit.find_service(pk)
    if service is None:
        return render_missing_service(visit)
    if not visit.rules.has_waiting_list:
        raise Http404
    form = _build_form(visit, service)
    if not form.is_valid():
        return _render(visit, service, form, status=422 if form.is_bound else 200)
    return _join(visit, service, form)


def _join(visit: BookingVisit, service: Service, form: WaitingListForm) -> HttpResponse:
    assert visit.client, "only clients wait"
    try:
        join_waiting_list(form.build_preferences(service), client=visit.client, now=visit.now)
    except InvalidPreferences as error:
        form.add_preference_error(error)
        return _render(visit, service, form, status=422)
    except AlreadyWaiting:
        text = _("You are on the waiting list for this service already. Leave it first to wait for other days.")
        return _render(visit, service, form, refusal=text, status=CONFLICT)
    except WaitingListFull:
        text = _("You are on as many waiting lists as you can be. Leave one of them first.")
        return _render(visit, service, form, refusal=text, status=CONFLICT)
    return redirect("scheduling:appointments")


def _build_form(visit: BookingVisit, service: Service) -> WaitingListForm:
    data = visit.request.POST if visit.request.method == "POST" else None
    calendars = list(StaffCalendar.objects.filter(pk__in=service.calendar_ids))
    return WaitingListForm(data, initial=_suggest(visit), calendars=calendars)


def _suggest(visit: BookingVisit) -> dict[str, Any]:
    """Return the two weeks from the day on that the booking page has shown, and the person chosen there."""
    today, parameters = get_today(now=visit.now), visit.request.GET
    first_on = max(parse_day(parameters.get("day", "")) or today, today)
    last_on = first_on + SUGGESTED_DAYS if first_on < date(2999, 1, 1) else first_on
    days = {"from_on": first_on, "until_on": last_on}
    return days | {"calendar": parameters.get("staff", ""), "part_of_day": PartOfDay.ANY}


def _render(visit: BookingVisit, service: Service, form: WaitingListForm, **context: Any) -> HttpResponse:
    return visit.render("waiting_list", service=service, form=form, **context)
