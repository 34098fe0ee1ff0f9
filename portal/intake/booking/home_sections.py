"""Links to the booking page on the sign-in page and on the portal's home page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from portal.branding.home_sections import HomeSectionContent, SignInPageLink
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.intake.booking.bookable_services import has_bookable_service
from tenants.context import get_current_business


def build_booking_link(portal_settings: PortalSettings, now: datetime) -> SignInPageLink | None:
    """Return the sign-in page's link to the booking page, if anybody can book something."""
    if not _has_bookable_service(is_client=False):
        return None
    return SignInPageLink(gettext("Book an appointment"), reverse("booking:services"), position=90)


def build_booking_home_section(
    client: Client, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    """Return the home page's section that leads to the booking page, if clients can book something."""
    return HomeSectionContent("portal/intake/booking/_card.html") if _has_bookable_service(is_client=True) else None


def _has_bookable_service(*, is_client: bool) -> bool:
    business = get_current_business()
    assert business, "services are a business's own"
    return has_bookable_service(business, is_client=is_client)
