"""The section and the sign-in link with a business's contact details."""

from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext

from portal.branding.home_sections import HomeSectionContent, SignInPageLink
from portal.branding.models import PortalSettings


def build_contact_home_section(
    client: Model, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    """Return the section with the business's contact details, if it gave any."""
    context = {
        "email": portal_settings.contact_email,
        "phone": portal_settings.contact_phone,
        "website": portal_settings.website,
        "postal_address": portal_settings.postal_address,
    }
    return HomeSectionContent("portal/branding/_contact_section.html", context) if any(context.values()) else None


def build_business_contact_link(portal_settings: PortalSettings, now: datetime) -> SignInPageLink | None:
    """Return a link to contact the business, for people who are not on the client list."""
    if portal_settings.contact_email:
        return SignInPageLink(gettext("Write to us"), f"mailto:{portal_settings.contact_email}", position=110)
    if portal_settings.contact_phone:
        return SignInPageLink(gettext("Call us"), f"tel:{portal_settings.contact_phone}", position=110)
    return (
        SignInPageLink(gettext("Visit our website"), portal_settings.website, position=110)
        if portal_settings.website
        else None
    )
