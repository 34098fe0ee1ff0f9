"""Queues emails to staff: each is a StaffEmail row and a pending Delivery, which a worker renders and sends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from portal.access.identifier_digests import digest_identifier
from portal.clients.identifiers import Identifier, InvalidIdentifier, parse_email
from portal.clients.models import ContactKind
from portal.team.kinds import TeamEmail
from tenants import metrics, recipient_budgets
from tenants.keyed_digests import KeyedDigest
from tenants.models import Channel, Delivery, DeliveryState, Invitation, Person, Queue, StaffEmail
from tenants.recipient_digests import find_mailbox
from tenants.staff import code_request_limits, email_secrets, login_attempts, people
from tenants.staff.code_request_limits import CodeRequest
from workers import queue as task_queue


@transaction.atomic
def enqueue_code(
    request: CodeRequest,
    *,
    staff_email_id: UUID,
    replaces: UUID | None = None,
    is_known_browser: Callable[[Person], bool],
    now: datetime,
) -> None:
    """Queue a requested sign-in code, and close the one that it replaces. Raises CodeRequestRefused.

    If the mailbox has had too many messages from all businesses nothing is sent, and nobody who asks is told.
    `is_known_browser` tells whether somebody has signed in with the browser before. For an unknown address the same SQL
    statements run, so that the time taken tells nothing, and nothing is sent.
    """
    code_request_limits.lock_requests(request)
    person = people.find_person(request.email)
    request = replace(request, is_known_browser=bool(person and is_known_browser(person)))
    code_request_limits.check_request(request, now=now)
    if replaces:
        login_attempts.close_code(replaces, now=now)
    lifetime = settings.STAFF_CODE_LIFETIME
    staff_email = build_staff_email(
        TeamEmail.CODE, pk=staff_email_id, person=person, lifetime=lifetime, now=now, **request.stored_fields
    )
    may_send = recipient_budgets.spend(_digest_mailbox(request.email), request.spender, now=now)
    _save_and_enqueue_staff_email(staff_email, queue=Queue.CODES, may_send=may_send, now=now)


def build_staff_email(
    kind: str, *, lifetime: timedelta, now: datetime, language: str | None = None, **fields: Any
) -> StaffEmail:
    """Return an unsaved staff email; its code or link token can be derived already."""
    return StaffEmail(
        kind=kind,
        language=language or get_language(),
        key_id=email_secrets.current_key_id(),
        created_at=now,
        expires_at=now + lifetime,
        **fields,
    )


def enqueue_invitation(staff_email: StaffEmail, *, invitation: Invitation, now: datetime) -> None:
    """Queue the email whose link opens an invitation, in the caller's transaction."""
    staff_email.invitation, staff_email.language = invitation, invitation.business.language
    _save_and_enqueue_staff_email(staff_email, queue=Queue.NOTICES, now=now)


@transaction.atomic
def notify_person(person: Person, kind: str, *, now: datetime, **data: str) -> None:
    """Queue an email to a person about a change to their account."""
    _save_and_enqueue_staff_email(
        build_staff_email(kind, person=person, data=data, lifetime=settings.NOTIFICATION_LIFETIME, now=now),
        queue=Queue.NOTICES,
        now=now,
    )


def _digest_mailbox(email: str) -> set[KeyedDigest]:
    """Return the digests by which portals count codes to the same address and mailbox."""
    try:
        address = parse_email(email).value
    except InvalidIdentifier:
        address = people.normalise_address(email)
    return {digest_identifier(Identifier(ContactKind.EMAIL, one)) for one in (address, find_mailbox(address))}


def _save_and_enqueue_staff_email(
    staff_email: StaffEmail, *, queue: Queue, may_send: bool = True, now: datetime
) -> None:
    """Save a staff email with its delivery, which `may_send` lets out, and wake a worker when both are committed."""
    has_recipient = may_send and (staff_email.person is not None or staff_email.invitation is not None)
    if not may_send:
        metrics.WITHHELD_MESSAGES.labels(Channel.EMAIL).inc()
    staff_email.save(force_insert=True)
    delivery = Delivery.objects.create(
        message_id=staff_email.pk,
        queue=queue,
        channel=Channel.EMAIL,
        state=DeliveryState.QUEUED if has_recipient else DeliveryState.VOID,
        created_at=now,
        due_at=now,
        deadline_at=staff_email.expires_at,
        completed_at=None if has_recipient else now,
    )
    transaction.on_commit(lambda: task_queue.enqueue_delivery(queue=queue, delivery_id=delivery.pk))
