"""The list of addresses to which a provider refuses to send, and the removal of an address from it."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db import transaction
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from portal.activity import services as activity
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind
from portal.messaging.kinds import MessagingEvent
from portal.messaging.message_kinds import get_sender
from portal.messaging.models import Message, Suppression
from tenants import job_runs
from tenants.context import get_current_business
from tenants.job_runs import JobKey
from tenants.models import Channel, Queue
from tenants.senders import Sender, are_senders_apart, get_text_sender
from tenants.staff.staff_actor import StaffActor
from workers import queue

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _SuppressionJson(TypedDict):
    suppression_json: dict[str, Any] | None


ContactWithSuppression: TypeAlias = "WithAnnotations[Contact, _SuppressionJson]"

# After a failure for one of these reasons the provider drops everything that is sent to the address later.
SUPPRESSING_REASONS = {
    "mailbox-unknown",
    "mailbox-disabled",
    "domain-unknown",
    "blocked-suppressed",
    "bounced",
    "sendgrid-bounced-address",
    "sendgrid-unsubscribed",
    "sendgrid-spam-reporting",
    "sendgrid-invalid",
    "twilio-21610",
}


# What a person did about one sender, not about their address.
STOP_REPLY = "twilio-21610"
REASONS_OF_ONE_SENDER = {STOP_REPLY, "sendgrid-unsubscribed", "sendgrid-spam-reporting"}


def stops_notices_only(message: Message, reason: str) -> bool:
    """Tell whether codes still reach the address of a notice that failed for this reason.

    They do where they have a sender of their own, and at SendGrid, which is told to send them all the same.
    """
    is_notice = get_sender(message.kind) == Sender.NOTICES
    return (
        is_notice
        and reason in REASONS_OF_ONE_SENDER
        and (message.channel == Channel.EMAIL or are_senders_apart(message.channel))
    )


def suppress_address(message: Message, *, reason: str, provider: str, at: datetime) -> None:
    """Add the message's address to the list if the reason means that the provider refuses what comes later.

    A STOP counts for the sender that it was a reply to. Who unsubscribed from mailed notices isn't listed: SendGrid
    still sends them codes. Safe to repeat.
    """
    is_unsubscribed = message.channel == Channel.EMAIL and stops_notices_only(message, reason)
    if reason in SUPPRESSING_REASONS and message.to and not is_unsubscribed:
        fields = {"channel": message.channel, "provider": provider, "reason": reason, "since": at}
        sender = get_text_sender(get_sender(message.kind)) if reason == STOP_REPLY else ""
        suppression = Suppression(value=message.to, sender=sender, **fields)
        Suppression.objects.bulk_create([suppression], ignore_conflicts=True)


def blocks_codes(suppression: Suppression) -> bool:
    """Tell whether codes are refused too: they are unless only another sender of texts was stopped."""
    return suppression.sender in _list_senders_of_codes()


def _list_senders_of_codes() -> tuple[str, str]:
    """Return the values of `sender` that concern codes; of a suppression without one any sender may be meant."""
    return "", get_text_sender(Sender.CODES)


def annotate_suppressions(contacts: QuerySet[Contact]) -> QuerySet[ContactWithSuppression]:
    """Annotate each contact with an active suppression, in the same statement, for `get_suppression` to read.

    Where there are several, it is one that blocks codes if any does.
    """
    active = Suppression.objects.filter(value=OuterRef("value"), removed_at=None)
    active = active.order_by(Case(When(sender__in=_list_senders_of_codes(), then=0), default=1), "since")
    names = ("id", "value", "channel", "reason", "sender", "since", "removal_requested_at")
    fields = {name: name for name in names}
    return contacts.annotate(suppression_json=Subquery(active.values(json=JSONObject(**fields))[:1]))


def get_suppression(contact: ContactWithSuppression) -> Suppression | None:
    """Return the active suppression of a contact from `annotate_suppressions`, or None."""
    fields = contact.suppression_json
    if not fields:
        return None
    times = {name: fields[name] and datetime.fromisoformat(fields[name]) for name in ("since", "removal_requested_at")}
    return Suppression(**fields | times)


@transaction.atomic
def request_suppression_removal(*, suppression: Suppression, client: Client, staff: StaffActor, now: datetime) -> None:
    """Have a worker ask the provider to remove the address from its list.

    For texts, only the person can do that, by texting START: the suppression is removed here at once.
    """
    fields = {
        "removal_requested_at": now,
        "removal_requested_by_id": staff.person_id,
        "removal_requested_by": staff.name,
    }
    Suppression.objects.filter(pk=suppression.pk, removed_at=None).update(**fields)
    _record_suppression_event(MessagingEvent.SUPPRESSION_REMOVAL_REQUESTED, suppression, client, staff, now)
    if suppression.channel == Channel.SMS:
        complete_suppression_removal(suppression=suppression, now=now)
        return
    business = get_current_business()
    assert business, "an address is suppressed at a business"
    job_runs.forget_failures(JobKey("remove_suppression", business.pk, suppression.pk))
    ids = {"business_id": business.pk, "suppression_id": suppression.pk}
    transaction.on_commit(lambda: queue.enqueue_job("remove_suppression", queue=Queue.NOTICES, **ids))


@transaction.atomic
def complete_suppression_removal(*, suppression: Suppression, now: datetime) -> bool:
    """Mark the suppression as removed and record it on the timeline of every client with the address.

    Returns False when it was removed before.
    """
    if not Suppression.objects.filter(pk=suppression.pk, removed_at=None).update(removed_at=now):
        return False
    data = {"channel": suppression.channel, "contact": mask_address(suppression)}
    for client_id in Contact.objects.filter(value=suppression.value).values_list("client", flat=True):
        activity.record_event(
            MessagingEvent.SUPPRESSION_REMOVED, at=now, client_id=client_id, subject_id=suppression.pk, **data
        )
    return True


def get_requesting_staff(suppression: Suppression) -> StaffActor:
    """Return the member of staff who requested the removal; what follows is recorded in their name."""
    assert suppression.removal_requested_by_id, "nobody requested the removal"
    return StaffActor(
        person_id=uuid.UUID(str(suppression.removal_requested_by_id)), name=suppression.removal_requested_by
    )


def mask_address(suppression: Suppression) -> str:
    """Return the suppressed address, masked as on the timeline."""
    kind = ContactKind.PHONE if suppression.channel == Channel.SMS else ContactKind.EMAIL
    return Identifier(kind, suppression.value).masked


def _record_suppression_event(
    event_type: MessagingEvent, suppression: Suppression, client: Client, staff: StaffActor, now: datetime
) -> None:
    data = {"channel": suppression.channel, "reason": suppression.reason, "contact": mask_address(suppression)}
    activity.record_event(
        event_type, at=now, client=client, subject_id=suppression.pk, **data, **activity.get_actor_fields(staff)
    )
