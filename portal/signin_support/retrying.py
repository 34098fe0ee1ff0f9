"""Who still waits for a code that a provider would not send?"""

from datetime import datetime

from portal.access import services as access
from portal.access.budgets import BudgetSpent
from portal.access.models import Challenge
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants.context import current_business
from tenants.models import Channel


def send_again(*, suppression: Suppression, now: datetime) -> bool:
    """Send the newest attempt that waits at this address another code, for whoever had the block lifted.

    False where nobody waits any more, or where their share of codes is spent.
    """
    business = current_business()
    assert business, "codes are sent by a business"
    waiting = access.open_attempts(now=now).filter(destinations__contains=[suppression.value])
    challenge = waiting.order_by("-created_at").first()
    if challenge is None:
        return False
    try:
        access.send_another(
            business=business,
            challenge_id=challenge.pk,
            channel=Channel(suppression.channel),
            staff=suppressions.asked_by(suppression),
            language="",
            now=now,
        )
    except (Challenge.DoesNotExist, access.ResendRefused, access.NoWay, BudgetSpent):
        return False
    return True
