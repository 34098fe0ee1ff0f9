"""The section of a client's home page with their next appointment, and with what they are offered."""

from datetime import datetime

from django.utils import timezone

from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.appointment_pages import AppointmentPage
from portal.scheduling.models import WaitingState
from portal.scheduling.services.waiting_list.entry_queries import query_own_entries
from portal.scheduling.waiting_list_pages import build_waiting_pages
from tenants.context import get_current_business


def build_appointments_home_section(
    client: Client, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    """Show what is offered to a client who waits, and the next appointment, if there is either.

    Where to book one, the booking page's own section says.
    """
    business, zone = get_current_business(), timezone.get_current_timezone()
    assert business, "appointments are a business's own"
    offered = query_own_entries(client).filter(state=WaitingState.OFFERED)
    offers = [page for page in build_waiting_pages(offered, business, zone, now=now) if page.offer_url]
    following = services.query_own_appointments(client).coming(now).order_by("starts_at", "pk").first()
    if following is None and not offers:
        return None
    rules = services.get_scheduling_settings(business)
    page = AppointmentPage(following, business, rules, zone, now) if following else None
    return HomeSectionContent("portal/scheduling/_card.html", {"page": page, "offers": offers})
