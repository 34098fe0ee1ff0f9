"""The caps on texts: of a business by hour and day, of one range and one new country, and by cost.

Each priority has a part of a cap, in which those below it are counted too. So numbers that clients chose themselves
leave most of it to those that staff gave, and strangers can't use up what clients need who sign in by text already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from tenants.models import SentSms, SmsPriority, SmsStop, SmsStopReason
from tenants.sms_limits.usage import DAY, HOUR, SmsUsage, compute_usage

# How many tenths of a cap each priority may use, with those below it.
TENTHS = {
    SmsPriority.CHOSEN: 1,
    SmsPriority.USED: 2,
    SmsPriority.NOTICE: 4,
    SmsPriority.GIVEN: 8,
    SmsPriority.ESTABLISHED: 10,
}
# Of the caps by range and by country: a code, and another one if the first does not arrive.
LEAST_PART = 2


@dataclass(frozen=True)
class SmsCap:
    """One cap that a text has to keep to: what is used after it, the limit, the window, and the area it is about."""

    reason: SmsStopReason
    used: int
    limit: int
    window: timedelta = DAY
    area: str = ""


def find_reached_cap(text: SentSms) -> SmsCap | None:
    """Return the first cap that a text, which is not saved yet, would exceed."""
    usage = compute_usage(text)
    exceeded = (cap for cap in _iter_caps(text, usage) if cap.used > cap.limit)
    return next(
        (cap for cap in exceeded if not (cap.reason == SmsStopReason.COUNTRY and _is_known_country(text))), None
    )


def _iter_caps(text: SentSms, usage: SmsUsage) -> Iterator[SmsCap]:
    is_established = text.priority == SmsPriority.ESTABLISHED
    yield SmsCap(SmsStopReason.HOUR, usage.hour + 1, _get_part(settings.SMS_PER_HOUR, text), HOUR)
    yield SmsCap(SmsStopReason.DAY, usage.day + 1, _get_part(settings.SMS_PER_DAY, text))
    yield SmsCap(SmsStopReason.BUDGET, usage.cost + text.cost, _get_part(settings.SMS_BUDGET, text))
    platform_part = _get_part(settings.SMS_PLATFORM_BUDGET, text) * (2 if is_established else 1)
    yield SmsCap(SmsStopReason.PLATFORM_BUDGET, usage.platform_cost + text.cost, platform_part)
    if not is_established:
        in_range, in_country = (_get_part(cap, text) for cap in (settings.SMS_PER_RANGE, settings.SMS_PER_NEW_COUNTRY))
        yield SmsCap(SmsStopReason.RANGE, usage.number_range + 1, max(LEAST_PART, in_range), area=text.number_range)
        yield SmsCap(SmsStopReason.COUNTRY, usage.country + 1, max(LEAST_PART, in_country), area=text.country)


def _get_part(limit: int, text: SentSms) -> int:
    return limit * TENTHS[SmsPriority(text.priority)] // 10


def _is_known_country(text: SentSms) -> bool:
    """Tell whether a business is in a country, has had codes typed there, or has let staff lift this cap."""
    if text.country == text.business.country:
        return True
    texted = SentSms.objects.filter(business=text.business, country=text.country, code_used_at__isnull=False)
    lifted = SmsStop.objects.filter(business=text.business, area=text.country, lifted_at__isnull=False)
    return bool(text.country) and (texted.exists() or lifted.filter(reason=SmsStopReason.COUNTRY).exists())
