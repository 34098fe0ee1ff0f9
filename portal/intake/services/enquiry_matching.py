"""Match enquiries with the client list. No card changes by it: what was typed differently becomes a suggestion."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client, SuggestionResolution
from portal.clients.services import suggestions
from portal.clients.services.submission_matching import (
    Submission,
    SubmissionResult,
    build_identifiers,
    lock_submission_matching,
    match_submission,
    suggest_submitted_changes,
)
from portal.intake.kinds import IntakeClientSource, IntakeEvent, IntakeJob, IntakeNotification
from portal.intake.models import Enquiry
from portal.messaging.notifications import services as notifications
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor
from workers.queue import enqueue_row_job

RESULTS = {
    SubmissionResult.KNOWN: Enquiry.MatchResult.KNOWN,
    SubmissionResult.REPEATED: Enquiry.MatchResult.KNOWN,
    SubmissionResult.NEW: Enquiry.MatchResult.NEW,
    SubmissionResult.AMBIGUOUS: Enquiry.MatchResult.AMBIGUOUS,
}
# Enquiries pending for longer are matched by the periodic task.
PENDING_TIMEOUT = timedelta(seconds=30)


class EnquiryAlreadyAssigned(Exception):
    """A member of staff has assigned the enquiry, or dismissed its suggestion, meanwhile."""


@transaction.atomic
def match_enquiry(*, enquiry_id: UUID, now: datetime) -> Enquiry | None:
    """Assign an enquiry to the client it matches, or add a client. Returns None if it was processed already."""
    lock_submission_matching()
    pending = Enquiry.objects.awaiting_match().select_for_update(of=["self"], no_key=True).select_related("client")
    enquiry = pending.filter(pk=enquiry_id).first()
    if enquiry is None:
        return None
    if enquiry.client:
        suggest_submitted_changes(_build_submission(enquiry), enquiry.client, now=now)
        return _complete_match(enquiry, enquiry.client, Enquiry.MatchResult.KNOWN, now=now)
    match = match_submission(_build_submission(enquiry), now=now)
    return _complete_match(enquiry, match.client, RESULTS[match.result], now=now)


def requeue_pending_enquiries(*, now: datetime) -> int:
    """Enqueue the enquiries whose job was lost, each as a job of its own, and return how many there were."""
    overdue = Enquiry.objects.awaiting_match().filter(received_at__lt=now - PENDING_TIMEOUT).order_by("received_at")
    found = list(overdue.values_list("pk", flat=True)[:500])
    for pk in found:
        enqueue_matching(enquiry_id=pk)
    return len(found)


def mark_unmatchable(*, enquiry_id: UUID, now: datetime) -> Enquiry | None:
    """Mark an enquiry as one that can't be matched, so that staff don't wait for it; None if it was matched."""
    unmatchable = {"match_result": Enquiry.MatchResult.FAILED, "processed_at": now}
    if not Enquiry.objects.awaiting_match().filter(pk=enquiry_id).update(**unmatchable):
        return None
    return Enquiry.objects.get(pk=enquiry_id)


def enqueue_matching_again(*, enquiry_id: UUID) -> None:
    """Have an enquiry that could not be matched tried again."""
    pending = {"match_result": Enquiry.MatchResult.PENDING, "processed_at": None}
    Enquiry.objects.filter(pk=enquiry_id, match_result=Enquiry.MatchResult.FAILED).update(**pending)
    enqueue_matching(enquiry_id=enquiry_id)


@transaction.atomic
def assign_enquiry(*, enquiry_id: UUID, client: Client, staff: StaffActor, now: datetime) -> Enquiry:
    """Assign an enquiry that matches several clients to the one that staff chose, and return it.

    Raises EnquiryAlreadyAssigned where a colleague assigned it first, or dismissed its suggestion.
    """
    enquiry = Enquiry.objects.select_for_update(of=["self"], no_key=True).get(pk=enquiry_id)
    suggestion = suggestions.find_ambiguous_suggestion(enquiry.pk)
    if enquiry.client_id or suggestion is None:
        raise EnquiryAlreadyAssigned
    if not suggestions.resolve_suggestion(suggestion, SuggestionResolution.ACCEPTED, now=now):
        raise EnquiryAlreadyAssigned
    suggest_submitted_changes(_build_submission(enquiry), client, now=now)
    enquiry.client, enquiry.match_result = client, Enquiry.MatchResult.KNOWN
    enquiry.save(update_fields=["client", "match_result"])
    fields = {"client": client, "subject_id": enquiry.pk, "at": now}
    activity.record_event(IntakeEvent.ENQUIRY_ASSIGNED, **fields, **activity.get_actor_fields(staff))
    return enquiry


def enqueue_matching(*, enquiry_id: UUID) -> None:
    """Enqueue the matching of an enquiry when the transaction commits."""
    business = get_current_business()
    assert business, "an enquiry belongs to a business"
    ids = {"business_id": business.pk, "row_id": enquiry_id}
    transaction.on_commit(lambda: enqueue_row_job(IntakeJob.MATCH_ENQUIRY, **ids))


def get_assigner_name(enquiry: Enquiry) -> str:
    """Return the name of the member of staff who assigned an enquiry; empty if none did."""
    entry = Entry.objects.filter(event_type=IntakeEvent.ENQUIRY_ASSIGNED, subject_id=enquiry.pk).order_by("at").first()
    return entry.actor_name if entry else ""


def _build_submission(enquiry: Enquiry) -> Submission:
    return Submission(
        source=IntakeClientSource.CONTACT_FORM,
        subject_id=enquiry.pk,
        name=enquiry.name,
        identifiers=build_identifiers(email=enquiry.email, mobile=enquiry.mobile),
        language=enquiry.language,
        custom=enquiry.custom,
    )


def _complete_match(
    enquiry: Enquiry, client: Client | None, match_result: Enquiry.MatchResult, *, now: datetime
) -> Enquiry:
    enquiry.client, enquiry.match_result, enquiry.processed_at = client, match_result, now
    enquiry.save(update_fields=["client", "match_result", "processed_at"])
    fields = {"client": client, "subject_id": enquiry.pk, "at": now, "actor": Entry.Actor.CLIENT}
    activity.record_event(IntakeEvent.ENQUIRY_RECEIVED, **fields, match_result=match_result)
    kind, name = IntakeNotification.ENQUIRY, enquiry.name
    notifications.notify_staff(kind, subject=name, url_name="enquiry", pk=enquiry.pk, client=client, now=now)
    return enquiry
