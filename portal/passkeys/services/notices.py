"""The timeline entry and the notices about a passkey that was added or removed."""

from datetime import datetime

from portal.access import services as access
from portal.activity import services as activity
from portal.clients.models import Client, ContactKind
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind
from portal.passkeys.models import Passkey
from tenants.staff.staff_actor import StaffActor


def record_and_notify(
    event_type: PasskeyEvent,
    kind: PasskeyMessageKind,
    passkey: Passkey,
    *,
    client: Client,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """Record on the timeline what was done, by `staff` or else the client, and notify the client.

    Every mailbox they can sign in with is mailed. Who has none gets a text, since texts cost money.
    """
    actor_fields = activity.get_actor_fields(staff)
    activity.record_event(
        event_type, at=now, client=client, subject_id=passkey.pk, device=passkey.device, **actor_fields
    )
    identifiers = access.list_sign_in_identifiers(client)
    mailboxes = [each for each in identifiers if each.kind == ContactKind.EMAIL]
    access.notify_addresses(client, mailboxes or identifiers, kind, now=now, device=passkey.device, at=now.isoformat())
