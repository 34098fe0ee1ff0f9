"""The tab of a client's card that lists their appointments."""

from django.db.models import QuerySet
from django.http import HttpResponse

from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.scheduling.models import Appointment
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
    context = {
        "coming": coming.select_related(*shown)[:MAX_APPOINTMENTS],
        "ended": ended.select_related(*shown)[:MAX_APPOINTMENTS],
    }
    return render_client_card(request, client, "console/scheduling/appointments_tab.html", context)
