"""Limits how many codes a member of staff is sent and how often each is tried, counted in the database."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F

from tenants.models import Person, StaffEmail
from tenants.staff_email_kinds import CODE_EMAIL_KIND

# Codes per person in an hour. Browsers the person has signed in with have as many again, which no stranger can use up.
MAX_CODES, CODE_WINDOW = 10, timedelta(hours=1)


def can_send_code(person: Person | None, *, is_known: bool, now: datetime) -> bool:
    """Return whether a person may be sent another code. The caller should hold a lock on their row.

    For an unknown person the same query runs, so that the time taken tells nothing.
    """
    person_id = person.pk if person else uuid4()
    recent = StaffEmail.objects.filter(person=person_id, kind=CODE_EMAIL_KIND, created_at__gt=now - CODE_WINDOW)
    return recent.filter(data={"known": is_known}).count() < MAX_CODES


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
