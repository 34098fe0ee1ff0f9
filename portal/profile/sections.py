"""The sections and sign-in links that come from a business's contact details and a client's own data."""

from datetime import datetime

from django.utils.translation import gettext

from portal.clients.models import Client
from portal.profile.models import Profile
from portal.ui.sections import SectionContent, SignInLink


def contact_section(client: Client, profile: Profile, now: datetime) -> SectionContent | None:
    """Return the section with the business's contact details, if it gave any."""
    context = {
        "email": profile.contact_email,
        "phone": profile.contact_phone,
        "website": profile.website,
        "postal_address": profile.postal_address,
    }
    return SectionContent("portal/profile/_contact_section.html", context, order=80) if any(context.values()) else None


def details_section(client: Client, profile: Profile, now: datetime) -> SectionContent:
    """Return the section with the client's contact data, which they also sign in with."""
    contacts = list(client.contacts.order_by("kind", "created_at"))
    return SectionContent("portal/profile/_details_section.html", {"contacts": contacts}, order=70)


def contact_link(profile: Profile, now: datetime) -> SignInLink | None:
    """Return a link to contact the business, for people who are not on the client list."""
    if profile.contact_email:
        return SignInLink(gettext("Write to us"), f"mailto:{profile.contact_email}")
    if profile.contact_phone:
        return SignInLink(gettext("Call us"), f"tel:{profile.contact_phone}")
    return SignInLink(gettext("Visit our website"), profile.website) if profile.website else None
