"""Issues and redeems one-time tokens that let staff enter a portal from the platform's host."""

from datetime import datetime, timedelta
from uuid import UUID

from tenants.models import Business, ImpersonationToken, Membership, Person
from tenants.staff.sessions import is_session_live
from tenants.tokens import digest_token, generate_token

LIFETIME = timedelta(seconds=60)
RETENTION = timedelta(days=1)


def issue_token(
    *,
    business: Business,
    person: Person,
    staff_session_key: str,
    client_id: UUID,
    mode: str,
    reason: str = "",
    now: datetime,
) -> str:
    """Create a token for one portal, valid for 60 seconds and one use, and return it."""
    ImpersonationToken.objects.filter(business=business, expires_at__lt=now - RETENTION).delete()
    token = generate_token()
    ImpersonationToken.objects.create(
        token_digest=digest_token(token),
        business=business,
        person=person,
        staff_session_key=staff_session_key,
        client_id=client_id,
        mode=mode,
        reason=reason,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return token


def redeem_token(*, token: str, business: Business, now: datetime) -> ImpersonationToken | None:
    """Use a token up and return its row.

    None if it is unknown, used, expired or of another business, or its owner is no longer a member or signed in.
    """
    tokens = ImpersonationToken.objects.filter(token_digest=digest_token(token), business=business)
    # A conditional update: of two requests at the same time only one succeeds.
    if not tokens.filter(used_at=None, expires_at__gt=now).update(used_at=now):
        return None
    impersonation_token = tokens.select_related("person").get()
    is_allowed = is_member(person_id=impersonation_token.person_id, business=business)
    return impersonation_token if is_allowed and is_issuer_signed_in(impersonation_token.pk, now=now) else None


def is_issuer_signed_in(token_id: UUID, *, now: datetime) -> bool:
    """Return whether the staff session in which a token was issued is still live; no query result is cached."""
    issued = ImpersonationToken.objects.filter(pk=token_id).values_list("staff_session_key", "person_id").first()
    return issued is not None and is_session_live(session_key=issued[0], person_id=issued[1], now=now)


def is_member(*, person_id: UUID, business: Business) -> bool:
    """Return whether a person is an active member of a business now."""
    return Membership.objects.filter(person=person_id, person__is_active=True, business=business).exists()
