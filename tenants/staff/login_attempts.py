"""May this code be guessed at once more? Counted in the database, so that no number of processes guesses more often."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F

from tenants.models import Person, StaffEmail, StaffEmailKind

# A mailbox gets no more codes in an hour, and so nobody more than three times as many guesses at its owner's door.
# Browsers its owner has signed in with have as many again: no stranger can use those up.
MAX_CODES, CODE_WINDOW = 10, timedelta(hours=1)


def can_send_code(person: Person | None, *, is_known: bool, now: datetime) -> bool:
    """Tell whether a person may be sent another code; of a stranger the same is asked. Their row should be held."""
    whose = person.pk if person else uuid4()
    lately = StaffEmail.objects.filter(person=whose, kind=StaffEmailKind.CODE, created_at__gt=now - CODE_WINDOW)
    return lately.filter(data={"known": is_known}).count() < MAX_CODES


def count_attempt(letter_id: UUID, *, now: datetime) -> StaffEmail | None:
    """Count a guess at a letter's code before it is looked at; None where there is none left, or nothing to guess."""
    open_ones = StaffEmail.objects.filter(pk=letter_id, kind=StaffEmailKind.CODE, closed_at=None, expires_at__gt=now)
    left = open_ones.filter(guesses__lt=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    was_counted = left.update(guesses=F("guesses") + 1)
    # Read in any case: a stranger's guess costs what anybody's does.
    letter = StaffEmail.objects.filter(pk=letter_id).first()
    return letter if was_counted else None


def close_code(letter_id: UUID, *, now: datetime) -> bool:
    """Close a code that was used, or that another replaces; False where it was closed already.

    No clock is asked who was first: of several who are right at the same moment one finds the code open and gets in.
    """
    return bool(StaffEmail.objects.filter(pk=letter_id, closed_at=None).update(closed_at=now))
