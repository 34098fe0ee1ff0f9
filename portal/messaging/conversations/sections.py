"""What does the conversation contribute to a client's home?"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.messaging.conversations.services import lines_of
from portal.messaging.models import Line
from portal.profile.models import Profile
from portal.ui.sections import PortalSection, allow_hiding

# New messages lead; a conversation that rests comes after what else there is.
FIRST, LATER = 5, 60


@allow_hiding("messages", _("Messages"))
def messages_card(client: Client, profile: Profile, now: datetime) -> PortalSection:
    """Show the last thing said, and whether it is new."""
    last = lines_of(client).first()
    is_new = bool(last and last.side == Line.Side.STAFF and last.read_at is None)
    context = {"last": last, "is_new": is_new}
    return PortalSection("messages", "portal/messages/_card.html", context, order=FIRST if is_new else LATER)
