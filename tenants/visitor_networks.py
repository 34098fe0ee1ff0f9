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


def get_visitor_network(request: HttpRequest) -> VisitorNetwork:
    """Return the network that a request came from, the same at portals and at the staff's sign-in."""
    return build_visitor_network(get_client_network(request), get_client_network_block(request))


def build_visitor_network(network: str, block: str) -> VisitorNetwork:
    """Return the digests of a network and of the block around it."""
    return VisitorNetwork(_digest(network), _digest(block))


def _digest(network: str) -> bytes:
    return compute_keyed_digest("tenants.network", network).current[:DIGEST_BYTES]
