"""Asks whether a text may be sent, with what messaging and the nouns know of it."""

from datetime import datetime

from portal.messaging.message_kinds import list_code_message_kinds
from portal.messaging.message_templates.sms_segments import count_segments
from portal.messaging.models import Message
from tenants.models import Channel, SmsPriority
from tenants.nouns import registry
from tenants.outbox import Claim
from tenants.sms_limits.admission import SmsRequest, admit_sms
from workers.providers.base import OutgoingMessage


def find_sms_refusal(claim: Claim, message: Message, outgoing: OutgoingMessage, *, now: datetime) -> str:
    """Return the reason code for which a text may not be sent; an empty string for all that may, and for every mail."""
    if claim.channel != Channel.SMS or claim.business is None:
        return ""
    is_code = message.kind in list_code_message_kinds()
    request = SmsRequest(
        delivery_id=claim.delivery_id,
        business=claim.business,
        number=outgoing.to,
        segments=count_segments(outgoing.text).segments,
        priority=_get_priority(message, outgoing.to, is_code=is_code),
        challenge_id=message.subject_id if is_code else None,
        generation=message.data["generation"] if is_code else None,
    )
    reason = admit_sms(request, now=now)
    return f"sms-{reason}" if reason else ""


def _get_priority(message: Message, number: str, *, is_code: bool) -> SmsPriority:
    """Return the lowest priority that a noun gives a text."""
    functions = [registry.import_dotted_path(path) for path in registry.list_sms_priority_paths()]
    priorities = [function(number, client_id=message.client_id, is_code=is_code) for function in functions]
    return min(priorities, default=SmsPriority.CHOSEN)
