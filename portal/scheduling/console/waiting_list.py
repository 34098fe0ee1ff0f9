"""The console's pages of the waiting list: who waits, adding and removing a client, and offering a time by hand."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.booking_pages import parse_start
from portal.scheduling.console.new_appointments import find_chosen_client, render_client_search
from portal.scheduling.console.waiting_list_times import build_offer_query, list_times
from portal.scheduling.forms.waiting_list_form import ServiceWaitingListForm
from portal.scheduling.models import PartOfDay, Service, StaffCalendar, WaitingListEntry
from portal.scheduling.models.waiting_list import ON_LIST, WaitingState
from portal.scheduling.services import ClientHasSeat, SlotUnavailable
from portal.scheduling.services.waiting_list import entries, offers
from portal.scheduling.services.waiting_list.entries import AlreadyWaiting, WaitingListFull
from portal.scheduling.services.waiting_list.entry_queries import query_entries
from portal.scheduling.services.waiting_list.offers import EntryNotWaiting
from portal.scheduling.services.waiting_list.preferences import InvalidPreferences
from portal.scheduling.waiting_list_pages import build_waiting_pages
from portal.ui.input_cleaning import parse_uuid
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 25
SUGGESTED_DAYS = timedelta(days=13)


@membership_required("appointments.view")
def list_entries(request: StaffRequest) -> HttpResponse:
    """List who waits, those first who have waited longest; or by a filter who has waited, or waits for a service."""
    state, service_id = request.GET.get("state", ""), parse_uuid(request.GET.get("service", ""))
    states = [state] if state in WaitingState.values else ON_LIST
    rows = query_entries().exclude_demo().filter(state__in=states).order_by("created_at", "pk")
    if service_id:
        rows = rows.filter(service=service_id)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    zone, now = timezone.get_current_timezone(), database_clock.now()
    context = {
        "rows": build_waiting_pages(page, request.business, zone, now=now),
        "pager": build_numbered_pager_links(page),
        "states": WaitingState.choices,
        "state": state,
        "services": Service.objects.filter(waiting_list_entries__isnull=False).distinct(),
        "service_id": service_id,
    }
    return render(request, "console/scheduling/waiting_list.html", context)


@membership_required("appointments.edit", methods=("GET", "POST"))
def add_entry(request: StaffRequest) -> HttpResponse:
    """Choose a client, then what they wait for, and put them on the list."""
    client = find_chosen_client(request)
    if client is None:
        return render_client_search(request, _("Put on the waiting list"))
    offered = _list_services()
    form = _build_form(request, offered)
    if form.is_valid() and _add(request, form, client, offered):
        messages.success(request, _("On the waiting list: %(name)s.") % {"name": client.name})
        return redirect("console:waiting-list", business=request.slug)
    context = {"client": client, "form": form, "services": offered}
    return render(request, "console/scheduling/new_waiting.html", context, status=422 if form.errors else 200)


@membership_required("appointments.edit", methods=("POST",))
def remove_entry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a client off the list; what they are offered is free again. Whoever is off it stays so."""
    get_entry(pk)
    try:
        entry = entries.leave_waiting_list(entry_id=pk, staff=request.staff, now=database_clock.now())
    except WaitingListEntry.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("No longer on the waiting list: %(name)s.") % {"name": entry.client.name})
    return redirect("console:waiting-list", business=request.slug)


@membership_required("appointments.edit", methods=("GET", "POST"))
def offer_time(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the next free times of what a client waits for, and offer them the chosen one."""
    entry, problem = get_entry(pk), ""
    if request.method == "POST":
        problem = _offer(request, entry)
        if not problem:
            messages.success(request, _("Offered to %(name)s, who is told.") % {"name": entry.client.name})
            return redirect("console:waiting-list", business=request.slug)
    [page] = build_waiting_pages([get_entry(pk)], request.business, _get_zone(request), now=database_clock.now())
    context = {"page": page, "problem": problem, "times": list_times(request.business, page.entry, now=page.now)}
    return render(request, "console/scheduling/waiting_offer.html", context, status=409 if problem else 200)


def get_entry(pk: UUID) -> WaitingListEntry:
    """Return an entry with all that is shown of it. Raises Http404, also for that of a demo client."""
    return get_object_or_404(query_entries().exclude_demo(), pk=pk)


def _offer(request: StaffRequest, entry: WaitingListEntry) -> str:
    """Offer the chosen time; return why it can't be offered, or nothing."""
    starts_at = parse_start(request.POST.get("starts_at", ""))
    if starts_at is None:
        return _("Choose one of these times.")
    now = database_clock.now()
    query = build_offer_query(request.business, entry, starts_at)
    try:
        offers.offer_time(query, starts_at, entry_id=entry.pk, staff=request.staff, now=now)
    except (SlotUnavailable, ClientHasSeat):
        return _("This time has gone. Choose another one.")
    except (EntryNotWaiting, WaitingListEntry.DoesNotExist):
        return _("This client is off the list by now, or has an offer.")
    return ""


def _list_services() -> list[Service]:
    bookable = Service.objects.bookable_by(is_client=True).order_by()
    return list(services.query_services_with_needs().filter(pk__in=bookable))


def _build_form(request: StaffRequest, offered: list[Service]) -> ServiceWaitingListForm:
    today = entries.get_today(now=database_clock.now())
    initial: dict[str, Any] = {"from_on": today, "until_on": today + SUGGESTED_DAYS, "part_of_day": PartOfDay.ANY}
    calendars = list(StaffCalendar.objects.filter(is_active=True))
    data = request.POST if request.method == "POST" else None
    return ServiceWaitingListForm(data, initial=initial, services=offered, calendars=calendars)


def _add(request: StaffRequest, form: ServiceWaitingListForm, client: Client, offered: list[Service]) -> bool:
    """Put the client on the list, or add an error to the form."""
    service = next(each for each in offered if str(each.pk) == form.cleaned_data["service"])
    try:
        entries.join_waiting_list(
            form.build_preferences(service), client=client, staff=request.staff, now=database_clock.now()
        )
    except InvalidPreferences as error:
        form.add_preference_error(error)
    except AlreadyWaiting:
        form.add_error("service", _("This client waits for this service already."))
    except WaitingListFull:
        form.add_error(None, _("This client is on as many waiting lists as they can be."))
    return not form.errors


def _get_zone(request: StaffRequest) -> ZoneInfo:
    return ZoneInfo(request.business.time_zone)
