"""Counts how often a sign-in code of staff is tried, in the database, and closes it once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.crypto import constant_time_compare

from tenants.models import StaffEmail
from tenants.sliding_windows import HOUR
from tenants.staff import email_secrets
from tenants.staff_email_kinds import CODE_EMAIL_KIND


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


def is_replaced_code(staff_email_id: UUID, typed: str, *, now: datetime) -> bool:
    """Return whether an earlier mail to the same address had this code, and a newer one has replaced it.

    The same statement runs for a code that was never sent, so that the time taken tells nothing.
    """
    newest = StaffEmail.objects.filter(pk=staff_email_id)
    codes = StaffEmail.objects.filter(kind=CODE_EMAIL_KIND)
    # A code is closed at the very moment at which the one that replaces it is made; one that was used, at another.
    successors = codes.filter(address_digest=OuterRef("address_digest"), created_at=OuterRef("closed_at"))
    replaced = codes.filter(
        Exists(successors),
        address_digest=Subquery(newest.values("address_digest")),
        created_at__lt=Subquery(newest.values("created_at")),
        created_at__gt=now - HOUR,
    )
    return any(constant_time_compare(typed, derive_code(staff_email)) for staff_email in replaced)


def derive_code(staff_email: StaffEmail) -> str:
    """Return the code of a staff email; empty where its key was retired."""
    try:
        return email_secrets.derive_code(staff_email)
    except email_secrets.StaffEmailKeyRetired:
        return ""
