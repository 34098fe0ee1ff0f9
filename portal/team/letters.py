"""How is something written to the people who work here? A row and a debt; a worker puts it into words and sends it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from tenants.models import Channel, Delivery, DeliveryState, Invitation, Person, Queue, StaffEmail, StaffEmailKind
from tenants.staff import email_secrets, login_attempts
from workers import queue as task_queue


@transaction.atomic
def owe_code(*, letter_id: UUID, email: str, is_known_browser: Callable[[Person], bool], now: datetime) -> None:
    """Owe a mailbox the code that this letter stands for, unless it has had enough of them.

    `is_known_browser` tells whether the person has signed in before with the browser that asks. For a
    stranger the same statements are made, and nothing is ever sent.
    """
    person = Person.objects.select_for_update().filter(email__iexact=email).first()
    is_known = bool(person and is_known_browser(person))
    if login_attempts.can_send_code(person, is_known=is_known, now=now):
        lifetime = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        letter = draft(
            StaffEmailKind.CODE, pk=letter_id, person=person, data={"known": is_known}, lifetime=lifetime, now=now
        )
        _owe(letter, queue=Queue.CODES, now=now)


def draft(
    kind: StaffEmailKind, *, lifetime: timedelta, now: datetime, language: str | None = None, **facts: Any
) -> StaffEmail:
    """Return a letter, not yet saved; what it holds can be derived already."""
    return StaffEmail(
        kind=kind,
        language=language or get_language(),
        key_id=email_secrets.current_key_id(),
        created_at=now,
        expires_at=now + lifetime,
        **facts,
    )


def owe_invitation(letter: StaffEmail, *, invitation: Invitation, now: datetime) -> None:
    """Owe somebody the letter whose link opens their invitation, in the caller's transaction."""
    letter.invitation, letter.language = invitation, invitation.business.language
    _owe(letter, queue=Queue.NOTICES, now=now)


@transaction.atomic
def tell(person: Person, kind: StaffEmailKind, *, now: datetime, **data: str) -> None:
    """Owe somebody a word about what has just happened to their account."""
    _owe(
        draft(kind, person=person, data=data, lifetime=settings.NOTIFICATION_LIFETIME, now=now),
        queue=Queue.NOTICES,
        now=now,
    )


def _owe(letter: StaffEmail, *, queue: Queue, now: datetime) -> None:
    """Save a letter and its debt, and ring once both are there to be found."""
    is_for_nobody = letter.person is None and letter.invitation is None
    letter.save(force_insert=True)
    delivery = Delivery.objects.create(
        message_id=letter.pk,
        queue=queue,
        channel=Channel.EMAIL,
        state=DeliveryState.VOID if is_for_nobody else DeliveryState.QUEUED,
        created_at=now,
        due_at=now,
        deadline_at=letter.expires_at,
        completed_at=now if is_for_nobody else None,
    )
    transaction.on_commit(lambda: task_queue.enqueue_delivery(queue=queue, delivery_id=delivery.pk))
