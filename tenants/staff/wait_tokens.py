"""Signed tokens by which somebody proves to have waited before they ask for a staff code again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tenants.staff.people import normalise_address
from tenants.visitor_networks import VisitorNetwork

LIFETIME = timedelta(minutes=10)

SALT = "tenants.staff.wait_token"


def issue_wait_token(email: str, network: VisitorNetwork, *, now: datetime) -> str:
    """Return a token that says from when somebody waits for a code to an address; it does not hold the address.

    It holds the id of the wait, which counts for one code. Bound to address and block, none is collected for use
    elsewhere.
    """
    content = [uuid4().hex, int(now.timestamp() * 1000)]
    return _get_signer(email, network.block_digests.current).sign_object(content)


def redeem_wait_token(wait_token: str, email: str, network: VisitorNetwork, *, now: datetime) -> UUID | None:
    """Return the id of the wait that a token was issued for.

    None if the token is forged, for another address or block, too early or expired.
    """
    for block_digest in network.block_digests:
        try:
            wait_id, issued_ms = _get_signer(email, block_digest).unsign_object(wait_token[:300])
        except (BadSignature, ValueError):
            continue
        waited = now - datetime.fromtimestamp(issued_ms / 1000, UTC)
        return UUID(wait_id) if settings.ATTACK_MODE_DELAY <= waited <= LIFETIME else None
    return None


def _get_signer(email: str, block_digest: bytes) -> Signer:
    return Signer(salt=f"{SALT}/{block_digest.hex()}/{normalise_address(email)}")
