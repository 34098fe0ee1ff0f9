"""The contacts of the demo client, and the event of their creation."""

from datetime import datetime, timedelta

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactKind

# A reserved name and a reserved number: they belong to nobody, so nothing sent there could arrive.
EMAIL, MOBILE = "robin@demo.invalid", "+447700900999"


def seed_demo_client(client: Client, now: datetime) -> None:
    """Create the demo client's email address and mobile number. Nobody can sign in with them."""
    for kind, value in ((ContactKind.EMAIL, EMAIL), (ContactKind.PHONE, MOBILE)):
        Contact.objects.create(client=client, kind=kind, value=value, confirmed_at=now, created_at=now)
    added_at = now - timedelta(days=40)
    activity.record_event(ClientEvent.ADDED, at=added_at, client=client, actor=Entry.Actor.CLIENT)
