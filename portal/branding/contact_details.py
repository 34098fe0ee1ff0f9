"""The section and the sign-in link with a business's contact details."""

from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext

from portal.branding.models import PortalSettings
from portal.branding.sections import SectionContent, SignInLink


def contact_section(client: Model, profile: PortalSettings, now: datetime) -> SectionContent | None:
    """Return the section with the business's contact details, if it gave any."""
    context = {
        "email": profile.contact_email,
        "phone": profile.contact_phone,
        "website": profile.website,
        "postal_address": profile.postal_address,
    }
    return SectionContent("portal/branding/_contact_section.html", context, order=80) if any(context.values()) else None


def contact_link(profile: PortalSettings, now: datetime) -> SignInLink | None:
    """Return a link to contact the business, for people who are not on the client list."""
    if profile.contact_email:
        return SignInLink(gettext("Write to us"), f"mailto:{profile.contact_email}", order=110)
    if profile.contact_phone:
        return SignInLink(gettext("Call us"), f"tel:{profile.contact_phone}", order=110)
    return SignInLink(gettext("Visit our website"), profile.website, order=110) if profile.website else None
