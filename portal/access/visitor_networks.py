"""The network a visitor comes from, as keyed digests that do not say where it is."""

from dataclasses import dataclass

from tenants.keyed_digests import compute_keyed_digest

DIGEST_BYTES = 16


@dataclass(frozen=True)
class VisitorNetwork:
    """A visitor's network and the block around it; both are empty if nothing is known of them."""

    network_digest: bytes = b""
    block_digest: bytes = b""


def build_visitor_network(network: str, block: str) -> VisitorNetwork:
    """Return the digests of a network and of the block around it."""
    return VisitorNetwork(_digest(network), _digest(block))


def _digest(network: str) -> bytes:
    return compute_keyed_digest("portal.access.network", network).current[:DIGEST_BYTES]
