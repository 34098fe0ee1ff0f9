"""How many of the last codes to numbers that clients chose were typed back; whoever is paid for texts types none.

Only such numbers can be those of whoever asks. Texts to all others are left out: a stranger who asks for codes at the
numbers of clients must not be able to stop the texts of anybody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tenants.delivery_outages import ACCEPTED
from tenants.models import Business, Delivery, SentSms, SmsPriority
from tenants.sms_limits.stops import get_last_stop_end

# A business needs more texts than one of its ranges before the share says anything.
BUSINESS_SAMPLES = 2


@dataclass(frozen=True)
class LowConversion:
    """A range, or the whole business if `area` is empty, with `used` of the last `sampled` codes typed back."""

    area: str
    sampled: int
    used: int


def find_low_conversion(business: Business, number_range: str, *, now: datetime) -> LowConversion | None:
    """Return the range or the business whose codes are hardly typed back, if there are enough texts to say so."""
    samples = {number_range: settings.SMS_STOP_SAMPLE, "": settings.SMS_STOP_SAMPLE * BUSINESS_SAMPLES}
    for area, size in samples.items():
        used_at = list(_list_judged_codes(business, area, now=now).values_list("code_used_at", flat=True)[:size])
        used = len([at for at in used_at if at])
        if len(used_at) == size and used * 100 < settings.SMS_STOP_PERCENTAGE * size:
            return LowConversion(area, size, used)
    return None


def _list_judged_codes(business: Business, area: str, *, now: datetime) -> QuerySet[SentSms]:
    """Return the texts with codes since the last stop, the newest first: those that were typed, or could have been.

    What no provider accepted says nothing about who asked for it.
    """
    accepted = Delivery.objects.filter(pk=OuterRef("pk"), state__in=ACCEPTED)
    could_be_used = Q(code_used_at__isnull=False) | Q(sent_at__lte=now - settings.LOGIN_RESEND_WAIT)
    codes = SentSms.objects.filter(
        Exists(accepted), could_be_used, business=business, challenge_id__isnull=False, sent_at__lte=now
    ).filter(priority=SmsPriority.CHOSEN)
    if area:
        codes = codes.filter(number_range=area)
    if start := get_last_stop_end(business, area, now=now):
        codes = codes.filter(sent_at__gt=start)
    return codes.order_by("-sent_at", "pk")
