"""The timeline entry and the mails about a passkey that was added or removed."""

from datetime import datetime

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client, ContactKind
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind
from portal.passkeys.models import Passkey


def record_and_notify(
    event_type: PasskeyEvent, kind: PasskeyMessageKind, passkey: Passkey, *, client: Client, now: datetime
) -> None:
    """Record on the timeline what the client did, and mail every address they can sign in with."""
    activity.record_event(
        event_type, at=now, client=client, subject_id=passkey.pk, actor=Entry.Actor.CLIENT, device=passkey.device
    )
    mailboxes = [each for each in access.list_sign_in_identifiers(client) if each.kind == ContactKind.EMAIL]
    access.notify_addresses(client, mailboxes, kind, now=now, device=passkey.device, at=now.isoformat())
