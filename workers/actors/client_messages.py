"""Composition of the messages to clients and staff of one business, as sent by a provider."""

import logging
from datetime import datetime
from typing import Any

from django.utils import translation

from portal.messaging import rendering
from portal.messaging.message_context import build_common_context
from portal.messaging.message_kinds import get_sender
from portal.messaging.message_templates import services as message_templates
from portal.messaging.models import Message
from tenants.mail_attachments import MailAttachment
from tenants.models import Business, Channel
from tenants.nouns import registry
from tenants.outbox import Claim
from workers.providers.base import OutgoingMessage

log = logging.getLogger(__name__)


class RenderError(Exception):
    """A message can't be rendered; a retry would not help."""


def compose_message(message: Message, claim: Claim, *, now: datetime) -> OutgoingMessage | None:
    """Return the rendered message, with its code where it has one, or None when it is no longer wanted.

    Call it inside the business of the claim. Raises RenderError.
    """
    cached_business = claim.cached_business
    assert cached_business, "a client's message is a business's"
    business = cached_business.business
    context_fields = _build_context(message, business, now=now)
    if context_fields is None:
        return None
    common_context = build_common_context(business, slug=cached_business.slug, sent_at=message.created_at)
    context = {**message.data, **common_context, **context_fields}
    return OutgoingMessage(
        delivery_id=claim.delivery_id,
        portal_host=common_context["host"],
        deadline_at=claim.deadline_at,
        kind=message.kind,
        channel=message.channel,
        sender=get_sender(message.kind),
        from_name=" ".join(business.name.split()),
        to=message.to,
        attachments=_build_attachments(message, context, business),
        **_render_message(message, context, business),
    )


def _build_context(message: Message, business: Business, *, now: datetime) -> dict[str, Any] | None:
    """Return the context that depends on the kind of message, or None when it is no longer wanted.

    Raises RenderError.
    """
    kind = registry.get_message_kinds().get(message.kind)
    if kind is None:
        log.error("%s can't be rendered: no noun declares this kind", message.kind)
        raise RenderError
    if message.data.get("is_sample"):
        return message_templates.get_sample_values(message.kind)
    if not kind.build_context:
        return {}
    return registry.import_dotted_path(kind.build_context)(message, now=now)


def _render_message(message: Message, context: dict[str, Any], business: Business) -> dict[str, str]:
    try:
        template = message_templates.find_template(message.kind, message.language or business.language, message.channel)
        rendered = rendering.render_message(message, context, language=business.language, template=template)
    except Exception as error:
        log.error("%s can't be rendered: %s", message.kind, type(error).__name__)
        raise RenderError from None
    return {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}


def _build_attachments(message: Message, context: dict[str, Any], business: Business) -> tuple[MailAttachment, ...]:
    """Return the files of a mail, built in its reader's language. A text has none, nor has a sample of a mail."""
    kind = registry.get_message_kinds()[message.kind]
    if not kind.build_attachments or message.channel != Channel.EMAIL or message.data.get("is_sample"):
        return ()
    with translation.override(message.language or business.language):
        return tuple(registry.import_dotted_path(kind.build_attachments)(message, context))
