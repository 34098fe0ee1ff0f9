"""Who wrote? The matching service says, and no card changes for it: what was typed differently waits on it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, Suggestion
from portal.clients.services import suggestions
from portal.intake.models import Submission
from portal.messaging.models import NoticeKind
from portal.messaging.notices import services as notices
from tenants.staff.actor import Staff

SOURCE = Client.Source.CONTACT_FORM
# Any number will do; it is PostgreSQL's name for the lock.
LOCK = 704_511_701
# So long a bell may be on its way before somebody else looks.
PATIENCE = timedelta(seconds=30)


class AlreadyDecided(Exception):
    """Somebody has said whose a submission is."""


@transaction.atomic
def settle(*, submission_id: UUID, now: datetime) -> Submission | None:
    """Find out whose a submission is, and put it on their card or make one. Settled ones are left alone: None."""
    _wait_for_others()
    waiting = Submission.objects.waiting().select_for_update(of=["self"]).select_related("client")
    submission = waiting.filter(pk=submission_id).first()
    if submission is None:
        return None
    if submission.client:
        return _attach(submission, submission.client, now=now)
    match = clients.match_client(identifiers_of(submission))
    if match.client:
        return _attach(submission, match.client, now=now)
    return _flag(submission, match.candidates, now=now) if match.candidates else _add(submission, now=now)


def settle_waiting(*, now: datetime) -> int:
    """Settle what no bell was heard for, and return how many there were."""
    late = Submission.objects.waiting().filter(received_at__lt=now - PATIENCE).order_by("received_at")
    return sum(1 for pk in late.values_list("pk", flat=True)[:500] if settle(submission_id=pk, now=now))


@transaction.atomic
def assign(*, submission_id: UUID, client: Client, staff: Staff, now: datetime) -> None:
    """Put a submission that fits several cards on the one that staff chose; what differs waits there.

    Raises AlreadyDecided where a colleague chose first, or said that it is nobody's.
    """
    submission = Submission.objects.select_for_update(of=["self"]).get(pk=submission_id)
    suggestion = suggestions.find_ambiguous_match(submission.pk)
    if submission.client_id or suggestion is None:
        raise AlreadyDecided
    if not suggestions.resolve(suggestion, Suggestion.Resolution.ACCEPTED, now=now):
        raise AlreadyDecided
    _suggest(submission, client, now=now)
    submission.client, submission.outcome = client, Submission.Outcome.KNOWN
    submission.save(update_fields=["client", "outcome"])
    facts = {"client": client, "subject_id": submission.pk, "at": now}
    activity.record(EventType.ENQUIRY_ASSIGNED, **facts, **activity.actor_fields(staff))


def decided_by(submission: Submission) -> str:
    """Return the name of whoever of the staff said whose a submission is; empty where nobody had to."""
    line = Entry.objects.filter(event_type=EventType.ENQUIRY_ASSIGNED, subject_id=submission.pk).order_by("at").first()
    return line.actor_name if line else ""


def identifiers_of(submission: Submission) -> list[Identifier]:
    """Return the addresses that were typed."""
    typed = {Contact.Kind.EMAIL: submission.email, Contact.Kind.PHONE: submission.mobile}
    return [Identifier(kind, value) for kind, value in typed.items() if value]


def _wait_for_others() -> None:
    """Settle one at a time per business, until the transaction ends: two forms from one new person make one card."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))", [LOCK])


def _attach(submission: Submission, client: Client, *, now: datetime) -> Submission:
    _suggest(submission, client, now=now)
    return _close(submission, client, Submission.Outcome.KNOWN, now=now)


def _add(submission: Submission, *, now: datetime) -> Submission:
    client = clients.add_client(
        name=submission.name,
        identifiers=identifiers_of(submission),
        source=SOURCE,
        language=submission.language,
        custom=submission.custom,
        now=now,
    )
    return _close(submission, client, Submission.Outcome.NEW, now=now)


def _flag(submission: Submission, candidates: list[Client], *, now: datetime) -> Submission:
    submitted_data = _typed(submission) | {"clients": [str(client.pk) for client in candidates]}
    kind = Suggestion.Kind.AMBIGUOUS
    suggestions.add_suggestion(
        client=None, kind=kind, value=submission.name, submitted_data=submitted_data, source=SOURCE, now=now
    )
    return _close(submission, None, Submission.Outcome.UNCLEAR, now=now)


def _suggest(submission: Submission, client: Client, *, now: datetime) -> None:
    found = suggestions.find_differences(client, name=submission.name, identifiers=identifiers_of(submission))
    for kind, value in found:
        submitted_data = _typed(submission)
        suggestions.add_suggestion(
            client=client, kind=kind, value=value, submitted_data=submitted_data, source=SOURCE, now=now
        )


def _typed(submission: Submission) -> dict[str, str]:
    return {
        "submission": str(submission.pk),
        "name": submission.name,
        "email": submission.email,
        "phone": submission.mobile,
    }


def _close(submission: Submission, client: Client | None, outcome: Submission.Outcome, *, now: datetime) -> Submission:
    submission.client, submission.outcome, submission.settled_at = client, outcome, now
    submission.save(update_fields=["client", "outcome", "settled_at"])
    facts = {"client": client, "subject_id": submission.pk, "at": now, "actor": Entry.Actor.CLIENT}
    activity.record(EventType.ENQUIRY_RECEIVED, **facts, outcome=outcome)
    kind, name = NoticeKind.CONTACT_FORM, submission.name
    notices.tell(kind, subject=name, page="enquiry", pk=submission.pk, client=client, now=now)
    return submission
