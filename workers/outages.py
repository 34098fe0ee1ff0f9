"""Who tells staff that codes don't go out, and that they do again?"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from portal.messaging.notices import outages as notices
from tenants import outages
from tenants.context import use_business
from tenants.models import Outage

Teller = Callable[..., None]


@transaction.atomic
def watch(*, now: datetime) -> None:
    """Write down which outages began and which ended, and tell the staff of each business once. Safe to repeat."""
    _tell(outages.begin(now=now), notices.tell_begun, now)
    _tell(outages.end(now=now), notices.tell_over, now)


def _tell(found: list[Outage], tell: Teller, now: datetime) -> None:
    for outage in found:
        with use_business(outage.business):
            tell(outage, now=now)
