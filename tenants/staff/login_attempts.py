"""Limits how many codes a member of staff is sent and how often each is tried, counted in the database."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F

from tenants.models import Person, StaffEmail
from tenants.staff.visitor_networks import StaffNetwork
from tenants.staff_email_kinds import CODE_EMAIL_KIND

# Codes per person in an hour. Browsers the person has signed in with have as many again, which no stranger can use up.
# What all other browsers have is shared by networks and the blocks around them, and the rest is kept for who waits.
MAX_CODES, CODE_WINDOW = 10, timedelta(hours=1)
NETWORK_CODES, BLOCK_CODES, CODES_WITHOUT_WAIT = 6, 8, 8


@dataclass(frozen=True)
class CodeRequester:
    """Who requests a code: whether the person has signed in with the browser, its network, and whether it waited."""

    is_known: bool
    network: StaffNetwork
    has_waited: bool

    @property
    def data(self) -> dict[str, Any]:
        """Return what is stored with the email that holds the code."""
        return {"known": self.is_known, "network": self.network.network, "block": self.network.block}


def can_send_code(person: Person | None, requester: CodeRequester, *, now: datetime) -> bool:
    """Return whether a person may be sent another code. The caller should hold a lock on their row.

    For an unknown person the same query runs, so that the time taken tells nothing.
    """
    person_id = person.pk if person else uuid4()
    recent = StaffEmail.objects.filter(person=person_id, kind=CODE_EMAIL_KIND, created_at__gt=now - CODE_WINDOW)
    sent = [data for data in recent.values_list("data", flat=True) if data.get("known") == requester.is_known]
    if requester.is_known:
        return len(sent) < MAX_CODES
    networks, blocks = Counter(data.get("network") for data in sent), Counter(data.get("block") for data in sent)
    return (
        len(sent) < (MAX_CODES if requester.has_waited else CODES_WITHOUT_WAIT)
        and networks[requester.network.network] < NETWORK_CODES
        and blocks[requester.network.block] < BLOCK_CODES
    )


def count_attempt(staff_email_id: UUID, *, now: datetime) -> StaffEmail | None:
    """Count an attempt at a code before it is compared, and return its staff email; None if no attempt is left."""
    open_codes = StaffEmail.objects.filter(pk=staff_email_id, kind=CODE_EMAIL_KIND, closed_at=None, expires_at__gt=now)
    left = open_codes.filter(guesses__lt=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    was_counted = left.update(guesses=F("guesses") + 1)
    # Read in any case, so that attempts at a code that was never sent take as long.
    staff_email = StaffEmail.objects.filter(pk=staff_email_id).first()
    return staff_email if was_counted else None


def close_code(staff_email_id: UUID, *, now: datetime) -> bool:
    """Close a code that was used or replaced; False if it was closed already.

    Of several correct attempts at the same moment, exactly one gets True and is signed in.
    """
    return bool(StaffEmail.objects.filter(pk=staff_email_id, closed_at=None).update(closed_at=now))
