"""Composition of the messages to clients and staff of one business, as sent by a provider."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings

from portal.access import services as access
from portal.access.codes import CodeKeyRetired
from portal.messaging import rendering
from portal.messaging.conversations import services as conversations
from portal.messaging.message_templates import services as message_templates
from portal.messaging.models import Message, MessageKind
from portal.messaging.notifications import services as notifications
from portal.messaging.services import CODE_KINDS
from portal.profile import services as profiles
from tenants.hostnames import absolute_url, portal_host_for
from tenants.models import Business
from tenants.outbox import Claim
from workers.providers.base import OutgoingMessage

log = logging.getLogger(__name__)

# Such messages are due later; their builder returns None when there is nothing left to say by then.
CONTEXT_BUILDERS = {
    MessageKind.NEW_MESSAGE: conversations.build_mail_context,
    MessageKind.STAFF_NOTIFICATION: notifications.build_mail_context,
}


class RenderError(Exception):
    """A message can't be rendered; a retry would not help."""


def compose(message: Message, claim: Claim, *, now: datetime) -> OutgoingMessage | None:
    """Return the rendered message, with its code where it has one, or None when it is no longer wanted.

    Call it inside the business of the claim. Raises RenderError.
    """
    route = claim.route
    assert route, "a client's message is a business's"
    business = route.business
    context_fields = _context_fields(message, business, now=now)
    if context_fields is None:
        return None
    host = portal_host_for(route.slug)
    context = {
        **message.data,
        "business": business,
        "profile": profiles.get_cached(business),
        "host": host,
        "portal_url": absolute_url(host),
        "console_url": absolute_url(settings.PLATFORM_HOST, f"/console/{route.slug}/"),
        "sent_at": message.created_at,
        **context_fields,
    }
    return OutgoingMessage(
        delivery_id=claim.delivery_id,
        portal_host=host,
        deadline_at=claim.deadline_at,
        kind=message.kind,
        channel=message.channel,
        from_name=" ".join(business.name.split()),
        to=message.to,
        **_render(message, context, business),
    )


def _context_fields(message: Message, business: Business, *, now: datetime) -> dict[str, Any] | None:
    """Return the context that depends on the kind of message, or None when it is no longer wanted."""
    if message.kind in CODE_KINDS:
        return _code_context(message, business, now=now)
    if message.kind not in CONTEXT_BUILDERS or message.data.get("is_sample"):
        return {}
    return CONTEXT_BUILDERS[MessageKind(message.kind)](message) if business.status == Business.Status.ACTIVE else None


def _code_context(message: Message, business: Business, *, now: datetime) -> dict[str, Any] | None:
    """Return the context of a sign-in code, or None when the code would be of no use."""
    if business.status != Business.Status.ACTIVE:
        return None
    try:
        return access.code_context(message, now=now)
    except CodeKeyRetired:
        return None


def _render(message: Message, context: dict[str, Any], business: Business) -> dict[str, str]:
    try:
        template = message_templates.find_template(message.kind, message.language or business.language, message.channel)
        rendered = rendering.render(message, context, language=business.language, template=template)
    except Exception as error:
        log.error("%s can't be rendered: %s", message.kind, type(error).__name__)
        raise RenderError from None
    return {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}
