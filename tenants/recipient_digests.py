"""Keyed digests of recipients, by which a late bounce finds its delivery: the outbox holds no address."""

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest


def digest_recipient(address: str) -> KeyedDigest:
    """Return the digests of the address that a message is sent to, in lower case."""
    text = address.strip().lower().encode(errors="replace").decode()
    return compute_keyed_digest("tenants.recipient", text)
