"""How does a member of staff step over from the platform's host to a portal, without a password between them?"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from tenants.models import Business, ImpersonationToken, Membership, Person

LIFETIME = timedelta(seconds=60)
RETENTION = timedelta(days=1)


def issue(*, business: Business, person: Person, client_id: UUID, mode: str, reason: str = "", now: datetime) -> str:
    """Return the token of a pass to one portal: good for 60 seconds and for one use."""
    ImpersonationToken.objects.filter(business=business, expires_at__lt=now - RETENTION).delete()
    token = secrets.token_urlsafe(32)
    ImpersonationToken.objects.create(
        token_digest=_digest(token),
        business=business,
        person=person,
        client_id=client_id,
        mode=mode,
        reason=reason,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return token


def redeem(*, token: str, business: Business, now: datetime) -> ImpersonationToken | None:
    """Use a pass up and return it; None when it is unknown, used, stale, for another business or from somebody who left."""
    found = ImpersonationToken.objects.filter(token_digest=_digest(token), business=business)
    # One conditional update: of two that come at once, one finds it used.
    if not found.filter(used_at=None, expires_at__gt=now).update(used_at=now):
        return None
    handover = found.select_related("person").get()
    return handover if is_member(person_id=handover.person_id, business=business) else None


def is_member(*, person_id: UUID, business: Business) -> bool:
    """Tell whether somebody works at a business at this moment."""
    return Membership.objects.filter(person=person_id, person__is_active=True, business=business).exists()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
