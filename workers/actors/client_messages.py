"""What exactly goes to a provider for this message?"""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings

from portal.access import services as access
from portal.access.codes import KeyRetired
from portal.messaging import rendering
from portal.messaging.conversations import services as conversations
from portal.messaging.models import Kind, Message
from portal.messaging.notices import services as notices
from portal.messaging.services import CODES
from portal.messaging.wordings import services as wordings
from portal.profile import services as profiles
from tenants.hostnames import absolute_url, portal_host_for
from tenants.models import Business
from tenants.outbox import Claim
from workers.providers.base import OutgoingMessage

log = logging.getLogger(__name__)

# Written for a time to come; whether it is still true is asked when it leaves.
CONTEXT_BUILDERS = {Kind.NEW_MESSAGE: conversations.particulars, Kind.STAFF_NOTICE: notices.particulars}


class RenderError(Exception):
    """The message can't be put into words; trying again would not help."""


def compose(message: Message, claim: Claim, *, now: datetime) -> OutgoingMessage | None:
    """Return the finished message, its code derived on the way; None when nobody wants it any more.

    Works in the schema of the claim's business. Raises RenderError.
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
        "profile": profiles.remembered(business),
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
    """Return what only this kind of message says; None for one that nobody wants any more."""
    if message.kind in CODES:
        return _code_context(message, business, now=now)
    if message.kind not in CONTEXT_BUILDERS or message.data.get("is_sample"):
        return {}
    return CONTEXT_BUILDERS[Kind(message.kind)](message) if business.status == Business.Status.ACTIVE else None


def _code_context(message: Message, business: Business, *, now: datetime) -> dict[str, Any] | None:
    """Return the code's part of the wording; None for a code that would be pointless."""
    if business.status != Business.Status.ACTIVE:
        return None
    try:
        return access.code_context(message, now=now)
    except KeyRetired:
        return None


def _render(message: Message, context: dict[str, Any], business: Business) -> dict[str, str]:
    try:
        own = wordings.own(message.kind, message.language or business.language, message.channel)
        wording = rendering.render(message, context, language=business.language, own=own)
    except Exception as error:
        log.error("%s can't be put into words: %s", message.kind, type(error).__name__)
        raise RenderError from None
    return {"subject": wording.subject, "text": wording.text, "html": wording.html}
