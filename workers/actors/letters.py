"""What exactly goes to a provider for a letter to staff, and is it still wanted when it leaves?"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from portal.messaging import rendering
from tenants.hostnames import url_at
from tenants.models import Business, StaffEmail, StaffEmailKind
from tenants.outbox import Claim
from tenants.staff import email_secrets, invitations
from workers.actors.composing import Unrenderable
from workers.providers.base import Envelope

log = logging.getLogger(__name__)

NAME = "Portico"
LOOK: dict[str, Any] = {"business": {"name": NAME}, "profile": {"colour": "#2f5d50"}}


def find(letter_id: UUID) -> StaffEmail | None:
    """Return a letter by its key, with whom it is for."""
    people = "person", "invitation__business", "invitation__invited_by"
    return StaffEmail.objects.filter(pk=letter_id).select_related(*people).first()


def compose(letter: StaffEmail, claim: Claim, *, now: datetime) -> Envelope | None:
    """Return the finished letter, its code or link derived on the way; None when nobody wants it any more.

    Raises Unrenderable.
    """
    try:
        is_wanted = letter.closed_at is None and now < letter.expires_at
        facts = FACTS[StaffEmailKind(letter.kind)](letter, now) if is_wanted else None
    except email_secrets.EmailKeyRetired:
        facts = None
    if facts is None:
        return None
    return Envelope(
        delivery_id=claim.delivery_id,
        portal_host=settings.PLATFORM_HOST,
        deadline_at=claim.deadline_at,
        kind=letter.kind,
        channel=claim.channel,
        from_name=NAME,
        **_wording(letter, facts),
    )


def _code(letter: StaffEmail, now: datetime) -> dict[str, Any] | None:
    if letter.person is None or not letter.person.is_active:
        return None
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    return {"to": letter.person.email, "code": email_secrets.derive_code(letter), "minutes": minutes}


def _invitation(letter: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return what an invitation says, unless it was taken up, withdrawn or sent anew since."""
    token = email_secrets.derive_token(letter)
    invitation = invitations.find_by_token(token, now=now)
    if invitation is None or invitation.business.status == Business.Status.CLOSED:
        return None
    return {
        "to": invitation.email,
        "business": invitation.business,
        "inviter": invitation.invited_by,
        "role_of": invitation,
        "until": invitation.expires_at.astimezone(ZoneInfo(invitation.business.time_zone)),
        "url": url_at(settings.PLATFORM_HOST, reverse("team:invitation", args=[token])),
    }


def _account(letter: StaffEmail, now: datetime) -> dict[str, Any] | None:
    if letter.person is None:
        return None
    url = url_at(settings.PLATFORM_HOST, reverse("usersessions_list"))
    return {"to": letter.person.email, "sent_at": letter.created_at, "url": url, **letter.data}


FACTS: dict[StaffEmailKind, Callable[[StaffEmail, datetime], dict[str, Any] | None]] = {
    StaffEmailKind.CODE: _code,
    StaffEmailKind.INVITATION: _invitation,
    StaffEmailKind.NEW_BROWSER: _account,
    StaffEmailKind.FACTOR: _account,
}


def _wording(letter: StaffEmail, facts: dict[str, Any]) -> dict[str, str]:
    context = {**LOOK, "host": settings.PLATFORM_HOST, **facts}
    try:
        with translation.override(letter.language), timezone.override(None):
            return {
                "to": facts["to"],
                "subject": " ".join(rendering.fill(letter.kind, "subject.txt", context).split()),
                "text": rendering.fill(letter.kind, "body.txt", context) + "\n",
                "html": rendering.INLINER.inline(rendering.fill(letter.kind, "body.html", context)),
            }
    except Exception as error:
        log.error("%s can't be put into words: %s", letter.kind, type(error).__name__)
        raise Unrenderable from None
