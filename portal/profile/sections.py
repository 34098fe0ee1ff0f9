"""The sections and sign-in links that come from a business's contact details and a client's own data."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.profile.models import Profile
from portal.ui.sections import PortalSection, SignInLink, allow_hiding


@allow_hiding("contact", _("Your contact details"))
def contact_section(client: Client, profile: Profile, now: datetime) -> PortalSection | None:
    """Return the section with the business's contact details, if it gave any."""
    context = {
        "email": profile.contact_email,
        "phone": profile.contact_phone,
        "website": profile.website,
        "postal_address": profile.postal_address,
    }
    return (
        PortalSection("contact", "portal/profile/_contact_section.html", context, order=80)
        if any(context.values())
        else None
    )


@allow_hiding("details", _("Client details"))
def details_section(client: Client, profile: Profile, now: datetime) -> PortalSection:
    """Return the section with the client's contact data, which they also sign in with."""
    contacts = list(client.contacts.order_by("kind", "created_at"))
    return PortalSection("details", "portal/profile/_details_section.html", {"contacts": contacts}, order=70)


def contact_link(client: None, profile: Profile, now: datetime) -> SignInLink | None:
    """Return a link to contact the business, for people who are not on the client list."""
    if profile.contact_email:
        return SignInLink(gettext("Write to us"), f"mailto:{profile.contact_email}")
    if profile.contact_phone:
        return SignInLink(gettext("Call us"), f"tel:{profile.contact_phone}")
    return SignInLink(gettext("Visit our website"), profile.website) if profile.website else None
