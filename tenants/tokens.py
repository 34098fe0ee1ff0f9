"""Random tokens that browsers and links hold, and the digests of them that the database holds."""

import hashlib
import secrets


def generate_token() -> str:
    """Return a new token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_token(token: str) -> bytes:
    """Return the SHA-256 digest of a token. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()
