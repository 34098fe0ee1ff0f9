"""Queues emails to staff: each is a StaffEmail row and a pending Delivery, which a worker renders and sends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal.team.kinds import TeamEmail
from tenants.models import (
    Business,
    Channel,
    Delivery,
    DeliveryState,
    Invitation,
    Membership,
    Person,
    Queue,
    Role,
    StaffEmail,
)
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
    _save_and_enqueue([staff_email], queue=Queue.CODES, now=now)


def build_staff_email(
    kind: str, *, lifetime: timedelta, now: datetime, language: str | None = None, **fields: Any
) -> StaffEmail:
    """Return an unsaved staff email; its code or link token can be derived already."""
    return StaffEmail(
        kind=kind,
        language=language or translation.get_language(),
        key_id=email_secrets.current_key_id(),
        created_at=now,
        expires_at=now + lifetime,
        **fields,
    )


def enqueue_invitation(staff_email: StaffEmail, *, invitation: Invitation, now: datetime) -> None:
    """Queue the email whose link opens an invitation, in the caller's transaction."""
    staff_email.invitation, staff_email.language = invitation, invitation.business.language
    _save_and_enqueue([staff_email], queue=Queue.NOTICES, now=now)


@transaction.atomic
def notify_person(person: Person, kind: str, *, now: datetime, **data: str) -> None:
    """Queue an email to a person about a change to their account."""
    _save_and_enqueue([_build_notice(person, kind, data, now)], queue=Queue.NOTICES, now=now)


@transaction.atomic
def notify_owners(business: Business, kind: str, *, now: datetime, **data: str) -> None:
    """Queue an email to each owner of a business about what was done there, in its language."""
    owners = Membership.objects.filter(business=business, role=Role.OWNER, person__is_active=True)
    with translation.override(business.language):
        notices = [_build_notice(owner.person, kind, data, now) for owner in owners.select_related("person")]
    _save_and_enqueue(notices, queue=Queue.NOTICES, now=now)


def _build_notice(person: Person, kind: str, data: dict[str, str], now: datetime) -> StaffEmail:
    return build_staff_email(kind, person=person, data=data, lifetime=settings.NOTIFICATION_LIFETIME, now=now)


def _save_and_enqueue(staff_emails: list[StaffEmail], *, queue: Queue, now: datetime) -> None:
    """Save staff emails with their deliveries, and wake a worker for each when all are committed."""
    StaffEmail.objects.bulk_create(staff_emails)
    deliveries = Delivery.objects.bulk_create(_build_delivery(each, queue, now) for each in staff_emails)
    for delivery in deliveries:
        transaction.on_commit(partial(task_queue.enqueue_delivery, queue=queue, delivery_id=delivery.pk))


def _build_delivery(staff_email: StaffEmail, queue: Queue, now: datetime) -> Delivery:
    has_recipient = staff_email.person is not None or staff_email.invitation is not None
    return Delivery(
        message_id=staff_email.pk,
        queue=queue,
        channel=Channel.EMAIL,
        state=DeliveryState.QUEUED if has_recipient else DeliveryState.VOID,
        created_at=now,
        due_at=now,
        deadline_at=staff_email.expires_at,
        completed_at=None if has_recipient else now,
    )
