"""Send a sign-in code again once a provider's suppression of the address was removed."""

from datetime import datetime

from portal.access import services as access
from portal.access.models import Challenge
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants.context import get_current_business
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded


def resend_code_after_removal(*, suppression: Suppression, now: datetime) -> bool:
    """Send another code for the newest open attempt at this address, in the name of whoever removed the suppression.

    Returns False where no attempt is open any more, or where no further code may be sent for it.
    """
    business = get_current_business()
    assert business, "codes are sent by a business"
    attempts = access.list_open_challenges(now=now).filter(destinations__contains=[suppression.value])
    challenge = attempts.order_by("-created_at").first()
    if challenge is None:
        return False
    refusals = access.ResendRefused, access.ChannelUnavailable, access.RecipientLimitReached, RateLimitExceeded
    try:
        access.resend_code_for_client(
            business=business,
            challenge_id=challenge.pk,
            channel=Channel(suppression.channel),
            staff=suppressions.get_requesting_staff(suppression),
            language="",
            now=now,
        )
    except (Challenge.DoesNotExist, *refusals):
        return False
    return True
