"""Decides whether a text may be passed to a provider, and counts it, in one transaction and one at a time.

Workers ask just before their first call. So every text is counted once, whatever page it was requested on, and no page
can show by its time or its words that a text was refused.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from tenants import metrics
from tenants.models import Business, SentSms, SmsPriority, SmsStop, SmsStopReason
from tenants.nouns import registry
from tenants.nouns.platform_events import PlatformEvent
from tenants.sms_limits.caps import find_reached_cap
from tenants.sms_limits.conversion import find_low_conversion
from tenants.sms_limits.number_ranges import get_country, get_number_range
from tenants.sms_limits.prices import get_price
from tenants.sms_limits.stops import find_conversion_stop, record_stop

# The id of the advisory lock in PostgreSQL; any number will do.
ADVISORY_LOCK = 704_511_702
CLIENT_UNCONFIRMED = "client-unconfirmed"
for reason in (*SmsStopReason.values, CLIENT_UNCONFIRMED):
    # Reported as zero from the beginning, so that the first ones show as a rise.
    metrics.SMS_REFUSED.labels(reason)


@dataclass(frozen=True)
class SmsRequest:
    """A text that a worker wants to send; `challenge_id` is None for a notice."""

    delivery_id: UUID
    business: Business
    number: str
    segments: int
    priority: SmsPriority
    challenge_id: UUID | None
    generation: int | None = None


@transaction.atomic
def admit_sms(request: SmsRequest, *, now: datetime) -> str:
    """Count a text and return an empty string, or return why it may not be sent. Call it inside the business.

    A text that was admitted once may be sent again by another attempt.
    """
    _lock_admission()
    if SentSms.objects.filter(pk=request.delivery_id).exists():
        return ""
    text = _build_sent_sms(request, now)
    if reason := _find_refusal(text, now):
        metrics.SMS_REFUSED.labels(reason).inc()
        return reason
    text.save(force_insert=True)
    return ""


def _lock_admission() -> None:
    """Let no other transaction on the platform decide at the same time, or two would take the last text of a cap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _build_sent_sms(request: SmsRequest, now: datetime) -> SentSms:
    country = get_country(request.number)
    return SentSms(
        id=request.delivery_id,
        business=request.business,
        challenge_id=request.challenge_id,
        generation=request.generation,
        country=country,
        number_range=get_number_range(request.number),
        cost=get_price(country, segments=request.segments),
        priority=request.priority,
        sent_at=now,
    )


def _find_refusal(text: SentSms, now: datetime) -> str:
    """Return why a text may not be sent, or an empty string. Staff are told when a stop begins."""
    if text.priority == SmsPriority.REFUSED:
        return CLIENT_UNCONFIRMED
    stop = _find_conversion_stop(text, now) if text.priority == SmsPriority.CHOSEN else None
    stop = stop or _stop_at_cap(text, now)
    return stop.reason if stop else ""


def _find_conversion_stop(text: SentSms, now: datetime) -> SmsStop | None:
    """Return the stop that is active for a text, or begin one if few codes have been typed back."""
    if active := find_conversion_stop(text.business, text.number_range, now=now):
        return active
    low = find_low_conversion(text.business, text.number_range, now=now)
    if low is None:
        return None
    return _begin_stop(
        business=text.business,
        reason=SmsStopReason.FEW_CODES_USED,
        area=low.area,
        priority=SmsPriority.CHOSEN,
        ends_at=now + settings.SMS_STOP_LIFETIME,
        now=now,
        sampled=low.sampled,
        used=low.used,
    )


def _stop_at_cap(text: SentSms, now: datetime) -> SmsStop | None:
    cap = find_reached_cap(text)
    if cap is None:
        return None
    return _begin_stop(
        business=text.business,
        reason=cap.reason,
        area=cap.area,
        priority=text.priority,
        ends_at=now + cap.window,
        now=now,
    )


def _begin_stop(*, now: datetime, **fields) -> SmsStop:
    """Return the stop with these fields; if it is new, tell the nouns."""
    stop, is_new = record_stop(now=now, **fields)
    if is_new:
        registry.call_event_handlers(PlatformEvent.SMS_STOPPED, stop=stop, now=now)
    return stop
