"""The network a visitor comes from, as keyed digests that do not say where it is."""

from dataclasses import dataclass

from django.http import HttpRequest

from tenants.client_ip import get_client_network, get_client_network_block
from tenants.keyed_digests import compute_keyed_digest

DIGEST_BYTES = 16


@dataclass(frozen=True)
class VisitorNetwork:
    """A visitor's network and the block around it; both are empty if nothing is known of them."""

    network_digest: bytes = b""
    block_digest: bytes = b""


def get_visitor_network(request: HttpRequest, *, purpose: str) -> VisitorNetwork:
    """Return the network that a request came from; for another purpose the same network has other digests."""
    return build_visitor_network(get_client_network(request), get_client_network_block(request), purpose=purpose)


def build_visitor_network(network: str, block: str, *, purpose: str) -> VisitorNetwork:
    """Return the digests of a network and of the block around it."""
    return VisitorNetwork(_digest(network, purpose), _digest(block, purpose))


def _digest(network: str, purpose: str) -> bytes:
    return compute_keyed_digest(purpose, network).current[:DIGEST_BYTES]
