"""What does signing in contribute to a client's home?"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.access import services
from portal.clients.models import Client
from portal.profile.models import Profile
from portal.ui.sections import PortalSection, allow_hiding

SHOWN = 3


@allow_hiding("devices", _("Where the client is signed in"))
def devices_card(client: Client, profile: Profile, now: datetime) -> PortalSection:
    """Show where the client is signed in, so that they would notice a stranger."""
    live = list(services.sessions_of(client, now=now)[: SHOWN + 1])
    context = {"sessions": live[:SHOWN], "has_more": len(live) > SHOWN}
    return PortalSection("devices", "portal/access/_devices_card.html", context, order=90)
