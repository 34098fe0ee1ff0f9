"""Keyed digests of recipients, by which a late bounce finds its delivery: the outbox holds no address."""

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest

# Providers that deliver to one mailbox however many dots stand in its name.
DOTLESS_DOMAINS = ("gmail.com", "googlemail.com")


def find_mailbox(address: str) -> str:
    """Return the address without what its owner may add to it, and still receives: a tag after a plus, or dots."""
    name, at, domain = address.strip().lower().rpartition("@")
    untagged = name.partition("+")[0] or name
    return f"{untagged.replace('.', '') if domain in DOTLESS_DOMAINS else untagged}{at}{domain}"


def digest_recipient(address: str) -> KeyedDigest:
    """Return the digests of the address that a message is sent to, in lower case."""
    text = address.strip().lower().encode(errors="replace").decode()
    return compute_keyed_digest("tenants.recipient", text)
