"""Composition of the emails from the platform to staff."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation

from portal.messaging import rendering
from tenants.models import StaffEmail
from tenants.nouns import registry
from tenants.outbox import Claim
from tenants.senders import Sender
from tenants.staff import email_secrets
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
    fields = _build_fields(email, now)
    if fields is None:
        return None
    return OutgoingMessage(
        delivery_id=claim.delivery_id,
        portal_host=settings.PLATFORM_HOST,
        deadline_at=claim.deadline_at,
        kind=email.kind,
        channel=claim.channel,
        sender=Sender.CODES if registry.get_staff_email_kinds()[email.kind].has_code else Sender.NOTICES,
        from_name=SENDER_NAME,
        **_render_email(email, fields),
    )


def _build_fields(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return what the templates are given, its texts in the email's language, or None when it is no longer wanted."""
    if email.closed_at is not None or now >= email.expires_at:
        return None
    build_context = registry.import_dotted_path(registry.get_staff_email_kinds()[email.kind].build_context)
    try:
        with translation.override(email.language):
            return build_context(email, now)
    except email_secrets.StaffEmailKeyRetired:
        return None


def _render_email(email: StaffEmail, fields: dict[str, Any]) -> dict[str, Any]:
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
