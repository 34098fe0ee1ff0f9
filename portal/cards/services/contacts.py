"""What is an address on a card called?"""

from datetime import datetime

from django.db import transaction

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client, Contact
from tenants.staff.actor import Staff


@transaction.atomic
def relabel(*, client: Client, contact: Contact, label: str, staff: Staff, now: datetime) -> None:
    """Call an address something else. Nobody is told: it opens what it opened before."""
    if contact.label == label:
        return
    before, contact.label = contact.label, label
    contact.save(update_fields=["label"])
    activity.record(
        EventType.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=access.contact_identifier(contact).masked,
        before={"label": before},
        after={"label": label},
        **activity.actor_fields(staff),
    )
