"""What exactly goes to a provider for this message?"""

import logging
from datetime import datetime
from typing import Any

from portal.access import services as access
from portal.access.codes import KeyRetired
from portal.messaging import rendering
from portal.messaging.models import Message
from portal.messaging.services import CODES
from portal.profile import services as profiles
from tenants.addresses import host_of, url_at
from tenants.models import Business
from tenants.outbox import Claim
from workers.providers.base import Envelope

log = logging.getLogger(__name__)


class Unrenderable(Exception):
    """The message can't be put into words; trying again would not help."""


def compose(message: Message, claim: Claim, *, now: datetime) -> Envelope | None:
    """Return the finished message, its code derived on the way; None when nobody wants it any more.

    Works in the schema of the claim's business. Raises Unrenderable.
    """
    business = claim.business
    code = _code(message, business, now=now)
    if code is None:
        return None
    host = host_of(claim.portal_slug)
    context = {
        **message.data,
        "business": business,
        "profile": profiles.current(),
        "host": host,
        "portal_url": url_at(host),
        "sent_at": message.created_at,
        **code,
    }
    return Envelope(
        delivery_id=claim.delivery_id,
        portal_host=host,
        deadline_at=claim.deadline_at,
        kind=message.kind,
        channel=message.channel,
        from_name=" ".join(business.name.split()),
        to=message.to,
        **_wording(message, context, business),
    )


def _code(message: Message, business: Business, *, now: datetime) -> dict[str, Any] | None:
    """Return the code's part of the wording; empty for other messages, None for a code that would be pointless."""
    if message.kind not in CODES:
        return {}
    if business.status != Business.Status.ACTIVE:
        return None
    try:
        return access.code_context(message, now=now)
    except KeyRetired:
        return None


def _wording(message: Message, context: dict[str, Any], business: Business) -> dict[str, str]:
    try:
        wording = rendering.render(message, context, language=business.language)
    except Exception as error:
        log.error("%s can't be put into words: %s", message.kind, type(error).__name__)
        raise Unrenderable from None
    return {"subject": wording.subject, "text": wording.text, "html": wording.html}
