"""Keyed digests of addresses, by which attempts are counted without storing what was typed."""

from portal.clients.identifiers import Identifier
from tenants.keyed_digests import KeyedDigest, compute_keyed_digest


def digest_identifier(identifier: Identifier) -> KeyedDigest:
    """Return the keyed digest of an address."""
    return compute_keyed_digest("portal.access.identifier", f"{identifier.kind}:{identifier.value}")
