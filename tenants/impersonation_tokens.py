"""Issues and redeems one-time tokens that let staff enter a portal from the platform's host."""

from datetime import datetime, timedelta
from uuid import UUID

from tenants.models import Business, ImpersonationToken, Membership, Person
from tenants.tokens import digest_token, generate_token

LIFETIME = timedelta(seconds=60)
RETENTION = timedelta(days=1)


def issue_token(
    *, business: Business, person: Person, client_id: UUID, mode: str, reason: str = "", now: datetime
) -> str:
    """Create a token for one portal, valid for 60 seconds and one use, and return it."""
    ImpersonationToken.objects.filter(business=business, expires_at__lt=now - RETENTION).delete()
    token = generate_token()
    ImpersonationToken.objects.create(
        token_digest=digest_token(token),
        business=business,
        person=person,
        client_id=client_id,
        mode=mode,
        reason=reason,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return token


def redeem_token(*, token: str, business: Business, now: datetime) -> ImpersonationToken | None:
    """Use a token up and return its row; None if unknown, used, expired, of another business or a former member."""
    tokens = ImpersonationToken.objects.filter(token_digest=digest_token(token), business=business)
    # A conditional update: of two requests at the same time only one succeeds.
    if not tokens.filter(used_at=None, expires_at__gt=now).update(used_at=now):
        return None
    impersonation_token = tokens.select_related("person").get()
    is_allowed = is_member(person_id=impersonation_token.person_id, business=business)
    return impersonation_token if is_allowed else None


def is_member(*, person_id: UUID, business: Business) -> bool:
    """Return whether a person is an active member of a business now."""
    return Membership.objects.filter(person=person_id, person__is_active=True, business=business).exists()
