"""What do a business's choices and a client's own data contribute to the portal's pages?"""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.profile.models import Profile
from portal.ui.sections import Section, WayIn, named


@named("contact", _("How to reach you"))
def contact_card(client: Client, profile: Profile, now: datetime) -> Section | None:
    """Show how to reach the business."""
    context = {
        "email": profile.contact_email,
        "phone": profile.contact_phone,
        "website": profile.website,
        "place": profile.place,
    }
    return Section("contact", "portal/profile/_contact_card.html", context, order=80) if any(context.values()) else None


@named("details", _("The client’s own details"))
def details_card(client: Client, profile: Profile, now: datetime) -> Section:
    """Show the addresses on file, which are also the ways to sign in."""
    contacts = list(client.contacts.order_by("kind", "created_at"))
    return Section("details", "portal/profile/_details_card.html", {"contacts": contacts}, order=70)


def contact_way_in(client: None, profile: Profile, now: datetime) -> WayIn | None:
    """Let people who are not on the client list write, call or read on."""
    if profile.contact_email:
        return WayIn(gettext("Write to us"), f"mailto:{profile.contact_email}")
    if profile.contact_phone:
        return WayIn(gettext("Call us"), f"tel:{profile.contact_phone}")
    return WayIn(gettext("Visit our website"), profile.website) if profile.website else None
