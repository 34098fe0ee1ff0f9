"""Which addresses does a provider refuse to send to, since when, and how is that undone?"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.messaging.models import Message, Suppression
from tenants.context import current_business
from tenants.models import Channel, Queue
from tenants.staff.actor import Staff
from workers import queue

# After a bounce for good, and after these refusals, the provider drops whatever we send there next.
SUPPRESSING = {
    "mailbox-unknown",
    "mailbox-disabled",
    "domain-unknown",
    "bounced",
    "sendgrid-bounced-address",
    "sendgrid-unsubscribed",
    "sendgrid-spam-reporting",
    "sendgrid-invalid",
    "twilio-21610",
}


def note(message: Message, *, reason: str, provider: str, at: datetime) -> None:
    """Remember that a provider refuses an address, where that is what its reason means. Safe to repeat."""
    if reason in SUPPRESSING and message.to:
        facts = {"channel": message.channel, "provider": provider, "reason": reason, "since": at}
        Suppression.objects.bulk_create([Suppression(value=message.to, **facts)], ignore_conflicts=True)


def standing(values: Iterable[str]) -> QuerySet[Suppression]:
    """Return which of some addresses are suppressed now, the latest first."""
    return Suppression.objects.filter(value__in=list(values), cleared_at=None).order_by("-since")


def beside(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Have each contact bring along the block that stands on it, in the same statement, for `on` to read."""
    blocks = Suppression.objects.filter(value=OuterRef("value"), cleared_at=None)
    facts = {name: name for name in ("id", "value", "channel", "reason", "since", "asked_at")}
    return contacts.annotate(block=Subquery(blocks.values(json=JSONObject(**facts))[:1]))


def on(contact: Contact) -> Suppression | None:
    """Return the block that stands on a contact which came by way of `beside`."""
    facts = contact.block  # type: ignore[attr-defined]
    if not facts:
        return None
    instants = {name: facts[name] and datetime.fromisoformat(facts[name]) for name in ("since", "asked_at")}
    return Suppression(**facts | instants)


@transaction.atomic
def ask_to_clear(*, suppression: Suppression, client: Client, staff: Staff, now: datetime) -> None:
    """Have a worker ask the provider to lift its block. Texts are lifted by the person alone, who texts START."""
    facts = {"asked_at": now, "asked_by_id": staff.person_id, "asked_by": staff.name}
    Suppression.objects.filter(pk=suppression.pk, cleared_at=None).update(**facts)
    _record(EventType.SUPPRESSION_REMOVAL_REQUESTED, suppression, client, staff, now)
    if suppression.channel == Channel.SMS:
        finish_clearing(suppression=suppression, now=now)
        return
    business = current_business()
    assert business, "an address is suppressed at a business"
    ids = {"business_id": business.pk, "suppression_id": suppression.pk}
    transaction.on_commit(lambda: queue.enqueue("remove_suppression", queue=Queue.NOTICES, **ids))


@transaction.atomic
def finish_clearing(*, suppression: Suppression, now: datetime) -> bool:
    """Write that the block is lifted, also on the timeline of everybody with the address; False when it already was."""
    if not Suppression.objects.filter(pk=suppression.pk, cleared_at=None).update(cleared_at=now):
        return False
    facts = {"channel": suppression.channel, "contact": masked(suppression)}
    for client_id in Contact.objects.filter(value=suppression.value).values_list("client", flat=True):
        activity.record(EventType.SUPPRESSION_REMOVED, at=now, client_id=client_id, subject_id=suppression.pk, **facts)
    return True


def asked_by(suppression: Suppression) -> Staff:
    """Return who asked for the clearing, for what is done on their behalf afterwards."""
    assert suppression.asked_by_id, "nobody asked"
    return Staff(person_id=uuid.UUID(str(suppression.asked_by_id)), name=suppression.asked_by)


def masked(suppression: Suppression) -> str:
    """Return the suppressed address as the timeline may name it."""
    kind = Contact.Kind.PHONE if suppression.channel == Channel.SMS else Contact.Kind.EMAIL
    return Identifier(kind, suppression.value).masked


def _record(event_type: EventType, suppression: Suppression, client: Client, staff: Staff, now: datetime) -> None:
    facts = {"channel": suppression.channel, "reason": suppression.reason, "contact": masked(suppression)}
    activity.record(
        event_type, at=now, client=client, subject_id=suppression.pk, **facts, **activity.actor_fields(staff)
    )
