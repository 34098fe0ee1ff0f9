"""Keyed digests of addresses, by which attempts are counted without storing what was typed."""

from portal.clients.identifiers import Identifier
from tenants.keyed_digests import KeyedDigest, compute_keyed_digest


def digest_identifier(identifier: Identifier) -> bytes:
    """Return the keyed digest of an address."""
    return list_identifier_digests(identifier).current


def list_identifier_digests(identifier: Identifier) -> KeyedDigest:
    """Return every digest under which an address may be stored, also that of the key before."""
    return compute_keyed_digest("portal.access.identifier", f"{identifier.kind}:{identifier.value}")
