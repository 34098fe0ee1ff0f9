"""What does a browser hold, and what do we keep of it? Browsers hold tokens, the database their digests."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from portal.clients.identifiers import Identifier


def new_token() -> str:
    """Return a fresh token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what the database keeps of a token; the token is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def identifier_digest(identifier: Identifier) -> bytes:
    """Return a keyed digest of an address, by which attempts are counted without keeping what was typed."""
    return salted_hmac("portal.access.identifier", f"{identifier.kind}:{identifier.value}", algorithm="sha256").digest()
