"""What do a business's choices and a client's own data contribute to the portal's pages?"""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.profile.models import Profile
from portal.ui.sections import PortalSection, SignInLink, allow_hiding


@allow_hiding("contact", _("How to reach you"))
def contact_card(client: Client, profile: Profile, now: datetime) -> PortalSection | None:
    """Show how to reach the business."""
    context = {
        "email": profile.contact_email,
        "phone": profile.contact_phone,
        "website": profile.website,
        "place": profile.place,
    }
    return (
        PortalSection("contact", "portal/profile/_contact_card.html", context, order=80)
        if any(context.values())
        else None
    )


@allow_hiding("details", _("The client’s own details"))
def details_card(client: Client, profile: Profile, now: datetime) -> PortalSection:
    """Show the addresses on file, which are also the ways to sign in."""
    contacts = list(client.contacts.order_by("kind", "created_at"))
    return PortalSection("details", "portal/profile/_details_card.html", {"contacts": contacts}, order=70)


def contact_way_in(client: None, profile: Profile, now: datetime) -> SignInLink | None:
    """Let people who are not on the client list write, call or read on."""
    if profile.contact_email:
        return SignInLink(gettext("Write to us"), f"mailto:{profile.contact_email}")
    if profile.contact_phone:
        return SignInLink(gettext("Call us"), f"tel:{profile.contact_phone}")
    return SignInLink(gettext("Visit our website"), profile.website) if profile.website else None
