"""How many texts were sent and what they cost, counted from the rows of the last day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from tenants.models import Business, SentSms, SmsPriority

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Whether texts to a country are used is remembered for this long.
RETENTION = timedelta(days=90)


@dataclass(frozen=True)
class SmsUsage:
    """What was sent before one text, of its priority and of those below it. Costs are in US cents."""

    hour: int
    day: int
    cost: int
    platform_cost: int
    number_range: int
    country: int


@dataclass(frozen=True)
class DailySms:
    """The texts that a business sent within a day, how many of their codes were typed, and what they cost."""

    texts: int
    codes: int
    used_codes: int
    cost: int


def compute_usage(text: SentSms) -> SmsUsage:
    """Return what was sent in the day before a text that is not saved yet, in one statement."""
    own = Q(business=text.business)
    not_established = own & Q(priority__lt=SmsPriority.ESTABLISHED)
    below = SentSms.objects.filter(sent_at__gt=text.sent_at - DAY, priority__lte=text.priority)
    # Named apart from the columns, which aggregates would refer to.
    totals = below.aggregate(
        in_hour=Count("pk", filter=own & Q(sent_at__gt=text.sent_at - HOUR)),
        in_day=Count("pk", filter=own),
        own_cost=Sum("cost", filter=own, default=0),
        all_cost=Sum("cost", default=0),
        in_range=Count("pk", filter=not_established & Q(number_range=text.number_range)),
        in_country=Count("pk", filter=not_established & Q(country=text.country)),
    )
    return SmsUsage(
        hour=totals["in_hour"],
        day=totals["in_day"],
        cost=totals["own_cost"],
        platform_cost=totals["all_cost"],
        number_range=totals["in_range"],
        country=totals["in_country"],
    )


def summarise_day(business: Business, *, now: datetime) -> DailySms:
    """Return what a business sent in the last 24 hours."""
    is_code = Q(challenge_id__isnull=False)
    totals = (
        _list_since(now - DAY)
        .filter(business=business)
        .aggregate(
            texts=Count("pk"),
            codes=Count("pk", filter=is_code),
            used_codes=Count("pk", filter=is_code & Q(code_used_at__isnull=False)),
            total=Sum("cost", default=0),
        )
    )
    return DailySms(totals["texts"], totals["codes"], totals["used_codes"], totals["total"])


def compute_platform_cost(*, now: datetime) -> int:
    """Return what the texts of all businesses cost in the last 24 hours, in US cents."""
    return _list_since(now - DAY).aggregate(total=Sum("cost", default=0))["total"]


def mark_code_used(challenge_id: UUID, *, generation: int, now: datetime) -> None:
    """Record that one code of a challenge was typed by somebody whom a text had brought it."""
    SentSms.objects.filter(challenge_id=challenge_id, generation=generation).update(code_used_at=now)


def _list_since(start: datetime) -> QuerySet[SentSms]:
    return SentSms.objects.filter(sent_at__gt=start)
