"""Keyed digests of addresses, by which attempts are counted without storing what was typed."""

from django.utils.crypto import salted_hmac

from portal.clients.identifiers import Identifier


def digest_identifier(identifier: Identifier) -> bytes:
    """Return the keyed digest of an address."""
    return salted_hmac("portal.access.identifier", f"{identifier.kind}:{identifier.value}", algorithm="sha256").digest()
