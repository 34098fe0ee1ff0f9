"""Random tokens that browsers hold, and the digests of them that the database holds."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from portal.clients.identifiers import Identifier


def new_token() -> str:
    """Return a new token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return the SHA-256 digest of a token. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


def identifier_digest(identifier: Identifier) -> bytes:
    """Return a keyed digest of an address, so that attempts are counted without storing what was typed."""
    return salted_hmac("portal.access.identifier", f"{identifier.kind}:{identifier.value}", algorithm="sha256").digest()
