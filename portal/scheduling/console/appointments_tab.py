"""The tab of a client's card that lists their appointments."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.scheduling.models import Appointment
from portal.scheduling.services.waiting_list.entry_queries import query_own_entries
from portal.scheduling.waiting_list_pages import build_waiting_pages
from tenants import database_clock
from tenants.staff.request_types import StaffRequest

MAX_APPOINTMENTS = 50


def query_coming_appointments(client: Client) -> QuerySet[Appointment]:
    """Return a client's appointments to come, by start."""
    return client.appointments.coming(database_clock.now()).order_by("starts_at", "pk")


@client_card_view("appointments.view")
def list_client_appointments(request: StaffRequest, client: Client) -> HttpResponse:
    """List a client's appointments: those to come, and then what is past or ended, the newest first."""
    coming = query_coming_appointments(client)
    ended = client.appointments.booked().exclude(pk__in=coming.order_by().values("pk")).order_by("-starts_at", "-pk")
    shown = ("service", "entry__calendar", "client")
    zone = timezone.get_current_timezone()
    waiting = query_own_entries(client).on_list()
    context = {
        "waiting": build_waiting_pages(waiting, request.business, zone, now=database_clock.now()),
        "coming": coming.select_related(*shown)[:MAX_APPOINTMENTS],
        "ended": ended.select_related(*shown)[:MAX_APPOINTMENTS],
    }
    return render_client_card(request, client, "console/scheduling/appointments_tab.html", context)
