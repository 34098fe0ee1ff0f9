"""Change the label of a contact."""

from datetime import datetime

from django.db import transaction

from portal.access import services as access
from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def change_contact_label(*, client: Client, contact: Contact, label: str, staff: StaffActor, now: datetime) -> None:
    """Change the label of a contact. Nobody is notified, because sign-in is not affected."""
    if contact.label == label:
        return
    before, contact.label = contact.label, label
    contact.save(update_fields=["label"])
    activity.record_event(
        ClientEvent.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=access.get_contact_identifier(contact).masked,
        before={"label": before},
        after={"label": label},
        **activity.get_actor_fields(staff),
    )
