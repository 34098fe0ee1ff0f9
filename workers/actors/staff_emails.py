"""Composition of the emails from the platform to staff."""

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
from tenants.hostnames import build_absolute_url
from tenants.models import BusinessStatus, StaffEmail, StaffEmailKind
from tenants.outbox import Claim
from tenants.staff import email_secrets, invitations
from workers.actors.client_messages import RenderError
from workers.providers.base import OutgoingMessage

log = logging.getLogger(__name__)

SENDER_NAME = "Portico"
BRANDING: dict[str, Any] = {"business": {"name": SENDER_NAME}, "portal_settings": {"colour": "#2f5d50"}}


def find_staff_email(email_id: UUID) -> StaffEmail | None:
    """Return an email to staff by its key, with its recipient, or None."""
    related = "person", "invitation__business", "invitation__invited_by"
    return StaffEmail.objects.filter(pk=email_id).select_related(*related).first()


def compose_email(email: StaffEmail, claim: Claim, *, now: datetime) -> OutgoingMessage | None:
    """Return the rendered email, with its code or link, or None when it is no longer wanted.

    Raises RenderError.
    """
    try:
        is_wanted = email.closed_at is None and now < email.expires_at
        fields = CONTEXT_BUILDERS[StaffEmailKind(email.kind)](email, now) if is_wanted else None
    except email_secrets.StaffEmailKeyRetired:
        fields = None
    if fields is None:
        return None
    return OutgoingMessage(
        delivery_id=claim.delivery_id,
        portal_host=settings.PLATFORM_HOST,
        deadline_at=claim.deadline_at,
        kind=email.kind,
        channel=claim.channel,
        from_name=SENDER_NAME,
        **_render_email(email, fields),
    )


def _build_code_email_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    if email.person is None or not email.person.is_active:
        return None
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    return {"to": email.person.email, "code": email_secrets.derive_code(email), "minutes": minutes}


def _build_invitation_email_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an invitation, or None when it was accepted, withdrawn or sent again."""
    token = email_secrets.derive_token(email)
    invitation = invitations.find_by_token(token, now=now)
    if invitation is None or invitation.business.status == BusinessStatus.CLOSED:
        return None
    return {
        "to": invitation.email,
        "business": invitation.business,
        "inviter": invitation.invited_by,
        "invitation": invitation,
        "until": invitation.expires_at.astimezone(ZoneInfo(invitation.business.time_zone)),
        "url": build_absolute_url(settings.PLATFORM_HOST, reverse("team:invitation", args=[token])),
    }


def _build_account_email_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    if email.person is None:
        return None
    url = build_absolute_url(settings.PLATFORM_HOST, reverse("usersessions_list"))
    return {"to": email.person.email, "sent_at": email.created_at, "url": url, **email.data}


CONTEXT_BUILDERS: dict[StaffEmailKind, Callable[[StaffEmail, datetime], dict[str, Any] | None]] = {
    StaffEmailKind.CODE: _build_code_email_context,
    StaffEmailKind.INVITATION: _build_invitation_email_context,
    StaffEmailKind.NEW_BROWSER: _build_account_email_context,
    StaffEmailKind.FACTOR: _build_account_email_context,
}


def _render_email(email: StaffEmail, fields: dict[str, Any]) -> dict[str, str]:
    context = {**BRANDING, "host": settings.PLATFORM_HOST, **fields}
    try:
        with translation.override(email.language), timezone.override(None):
            return {
                "to": fields["to"],
                "subject": " ".join(rendering.render_message_part(email.kind, "subject.txt", context).split()),
                "text": rendering.render_message_part(email.kind, "body.txt", context) + "\n",
                "html": rendering.CSS_INLINER.inline(rendering.render_message_part(email.kind, "body.html", context)),
            }
    except Exception as error:
        log.error("%s can't be rendered: %s", email.kind, type(error).__name__)
        raise RenderError from None
