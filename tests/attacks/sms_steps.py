"""Numbers, and functions that ask to send a text and say why it may not be sent."""

from datetime import timedelta
from uuid import uuid4

from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, Queue, SmsPriority
from tenants.sms_limits.admission import SmsRequest, admit_sms
from tenants.sms_limits.usage import mark_code_used

GERMAN = "+49151{:08d}"


def list_spread_numbers(count, *, start=0):
    """Return German numbers, each in a block of its own."""
    return [GERMAN.format(10_000 * number) for number in range(start, start + count)]


def send_sms(business, number, *, now, priority=SmsPriority.CHOSEN, challenge_id=None, segments=1, is_code=True):
    """Ask to send a text, let a provider accept it if it may go, and return the reason why not."""
    delivery_id = uuid4()
    request = SmsRequest(
        delivery_id=delivery_id,
        business=business,
        number=number,
        segments=segments,
        priority=priority,
        challenge_id=(challenge_id or uuid4()) if is_code else None,
        generation=0 if is_code else None,
    )
    with use_business(business):
        if reason := admit_sms(request, now=now):
            return reason
    Delivery.objects.create(
        id=delivery_id,
        business=business,
        message_id=uuid4(),
        queue=Queue.CODES,
        channel="sms",
        state=DeliveryState.ACCEPTED,
        created_at=now,
        due_at=now,
        deadline_at=now + timedelta(minutes=10),
        completed_at=now,
    )
    return ""


def send_used_sms(business, number, *, now, **fields):
    """Send a text whose code is typed."""
    challenge_id = uuid4()
    reason = send_sms(business, number, now=now, challenge_id=challenge_id, **fields)
    mark_code_used(challenge_id, generation=0, now=now)
    return reason
