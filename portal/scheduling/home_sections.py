"""The section of a client's home page with their next appointment."""

from datetime import datetime

from django.utils import timezone

from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.appointment_pages import AppointmentPage
from tenants.context import get_current_business


def build_appointments_home_section(
    client: Client, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    """Show the next appointment, if there is one; where to book one, the booking page's own section says."""
    following = services.query_own_appointments(client).coming(now).order_by("starts_at", "pk").first()
    if following is None:
        return None
    business = get_current_business()
    assert business, "appointments are a business's own"
    rules = services.get_scheduling_settings(business)
    page = AppointmentPage(following, business, rules, timezone.get_current_timezone(), now)
    return HomeSectionContent("portal/scheduling/_card.html", {"page": page})
