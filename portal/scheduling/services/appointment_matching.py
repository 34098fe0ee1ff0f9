"""Match the appointments of people who had not signed in with the client list, as enquiries are matched."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.clients.models import Client, ClientStatus, SuggestionResolution
from portal.clients.services import suggestions
from portal.clients.services.client_matching import match_client
from portal.clients.services.submission_matching import (
    Submission,
    SubmissionMatch,
    SubmissionResult,
    build_identifiers,
    list_submission_candidates,
    lock_submission_matching,
    match_submission,
    suggest_candidates,
    suggest_submitted_changes,
)
from portal.scheduling.kinds import SchedulingClientSource, SchedulingEvent, SchedulingJob
from portal.scheduling.models import Acceptance, Appointment, AppointmentState, MatchResult
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services.answers import AppointmentChanged, confirm_appointment
from portal.scheduling.services.appointment_acceptance import get_acceptance
from portal.scheduling.services.appointment_events import record_appointment_event
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.package_sessions import reserve_session
from portal.scheduling.services.scheduling_settings import get_scheduling_settings
from tenants.context import get_current_business
from tenants.staff.staff_actor import StaffActor
from workers.queue import enqueue_row_job

RESULTS = {
    SubmissionResult.KNOWN: MatchResult.KNOWN,
    SubmissionResult.REPEATED: MatchResult.KNOWN,
    SubmissionResult.NEW: MatchResult.NEW,
    SubmissionResult.AMBIGUOUS: MatchResult.AMBIGUOUS,
}
# Appointments pending for longer are matched by the periodic job.
PENDING_TIMEOUT = timedelta(seconds=30)


@transaction.atomic
def match_appointment(*, appointment_id: UUID, now: datetime) -> Appointment | None:
    """Assign an appointment to the client it matches, or add a client. Returns None if it was processed already.

    Where the business wants to be asked about new clients only, the request of a known one is confirmed.
    """
    lock_submission_matching()
    appointment = _lock_for_matching(appointment_id, MatchResult.PENDING)
    if appointment is None:
        return None
    match = _match(appointment, now=now)
    _assign(appointment, match.client, RESULTS[match.result], now=now)
    if match.result == SubmissionResult.KNOWN and _confirms_known_clients(appointment, now=now):
        return confirm_appointment(appointment_id=appointment_id, now=now)
    return appointment


@transaction.atomic
def assign_appointment(*, appointment_id: UUID, client: Client, staff: StaffActor, now: datetime) -> Appointment:
    """Assign an appointment that matches several clients to the one that staff chose. Raises AppointmentChanged."""
    lock_client(client.pk)
    appointment = _lock_for_matching(appointment_id, MatchResult.AMBIGUOUS)
    suggestion = suggestions.find_ambiguous_suggestion(appointment_id)
    if appointment is None or suggestion is None or _has_seat(client, appointment):
        raise AppointmentChanged
    if not suggestions.resolve_suggestion(suggestion, SuggestionResolution.ACCEPTED, now=now):
        raise AppointmentChanged
    suggest_submitted_changes(_build_submission(appointment), client, now=now)
    _assign(appointment, client, MatchResult.KNOWN, staff=staff, now=now)
    return appointment


def list_appointment_candidates(appointment: Appointment) -> list[Client]:
    """Return the clients that an ambiguous appointment matches, as long as nobody has assigned it."""
    is_ambiguous = appointment.client_id is None and appointment.match_result == MatchResult.AMBIGUOUS
    return list_submission_candidates(appointment.pk) if is_ambiguous else []


def enqueue_matching(*, appointment_id: UUID) -> None:
    """Enqueue the matching of an appointment when the transaction commits."""
    business = get_current_business()
    assert business, "an appointment belongs to a business"
    ids = {"business_id": business.pk, "row_id": appointment_id}
    transaction.on_commit(lambda: enqueue_row_job(SchedulingJob.MATCH_APPOINTMENT, **ids))


def requeue_pending_appointments(*, now: datetime) -> int:
    """Enqueue the appointments whose job was lost, each as a job of its own, and return how many there were."""
    overdue = Appointment.objects.awaiting_match().filter(updated_at__lt=now - PENDING_TIMEOUT).order_by("updated_at")
    found = list(overdue.values_list("pk", flat=True)[:500])
    for pk in found:
        enqueue_matching(appointment_id=pk)
    return len(found)


def mark_unmatchable(*, appointment_id: UUID) -> Appointment | None:
    """Mark an appointment as one that can't be matched, so that staff don't wait for it; None if it was matched."""
    pending = Appointment.objects.awaiting_match().filter(pk=appointment_id)
    return Appointment.objects.get(pk=appointment_id) if pending.update(match_result=MatchResult.FAILED) else None


def enqueue_matching_again(*, appointment_id: UUID) -> None:
    """Have an appointment that could not be matched tried again."""
    failed = Appointment.objects.filter(pk=appointment_id, match_result=MatchResult.FAILED)
    failed.update(match_result=MatchResult.PENDING)
    enqueue_matching(appointment_id=appointment_id)


def _lock_for_matching(appointment_id: UUID, match_result: MatchResult) -> Appointment | None:
    rows = Appointment.objects.select_for_update(of=["self"], no_key=True).select_related("service", "entry__calendar")
    return rows.filter(pk=appointment_id, match_result=match_result, client=None).first()


def _match(appointment: Appointment, *, now: datetime) -> SubmissionMatch:
    """Match what was typed. Where only the number is on a card and the mailbox isn't, staff choose.

    Anybody can type a number of somebody else's.
    """
    submission = _build_submission(appointment)
    mailbox = build_identifiers(email=appointment.contact_email, mobile="")
    match = match_client(submission.identifiers)
    if match.client and mailbox and match_client(mailbox).client is None:
        suggest_candidates(submission, [match.client], now=now)
        return SubmissionMatch(SubmissionResult.AMBIGUOUS)
    return match_submission(submission, now=now)


def _build_submission(appointment: Appointment) -> Submission:
    return Submission(
        source=SchedulingClientSource.BOOKING_PAGE,
        subject_id=appointment.pk,
        name=appointment.contact_name,
        identifiers=build_identifiers(email=appointment.contact_email, mobile=appointment.contact_mobile),
        language=appointment.language,
        time_zone=appointment.time_zone,
    )


def _assign(
    appointment: Appointment,
    client: Client | None,
    match_result: MatchResult,
    *,
    staff: StaffActor | None = None,
    now: datetime,
) -> None:
    """Save whose appointment it is. A client who has a seat of the same time can't have a second one in their name."""
    if client and _has_seat(client, appointment):
        client, match_result = None, MatchResult.SEATED
    appointment.client, appointment.match_result, appointment.updated_at = client, match_result, now
    appointment.save(update_fields=["client", "match_result", "updated_at"])
    lock_client(appointment.client_id)
    # Anybody can type a client's address, so only staff may spend the client's package on what was booked like that.
    if staff:
        reserve_session(appointment, now=now)
    event_type = SchedulingEvent.APPOINTMENT_ASSIGNED
    record_appointment_event(event_type, appointment, staff=staff, now=now, match_result=match_result)


def _has_seat(client: Client, appointment: Appointment) -> bool:
    seats = Appointment.objects.filter(entry=appointment.entry_id, client=client, state__in=SEATED_STATES)
    return appointment.state in SEATED_STATES and seats.exclude(pk=appointment.pk).exists()


def _confirms_known_clients(appointment: Appointment, *, now: datetime) -> bool:
    business = get_current_business()
    assert business, "an appointment belongs to a business"
    client = appointment.client
    return (
        appointment.state == AppointmentState.REQUESTED
        and appointment.starts_at > now
        and client is not None
        and client.status == ClientStatus.ACTIVE
        and get_acceptance(appointment, get_scheduling_settings(business)) == Acceptance.NEW_CLIENTS
    )
