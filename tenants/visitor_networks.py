"""The network a visitor comes from, as keyed digests that do not say where it is."""

from dataclasses import dataclass

from django.http import HttpRequest

from tenants.client_ip import get_client_network, get_client_network_block
from tenants.keyed_digests import KeyedDigest, compute_keyed_digest

DIGEST_BYTES = 16


@dataclass(frozen=True)
class VisitorNetwork:
    """A visitor's network and the block around it; both are empty if nothing is known of them.

    Of a network that was stored only the digests are known that were the newest then, not those under the key before.
    """

    network_digest: bytes = b""
    block_digest: bytes = b""
    previous_network_digest: bytes = b""
    previous_block_digest: bytes = b""

    @property
    def network_digests(self) -> KeyedDigest:
        """Return the digests by which what the network caused is found."""
        return KeyedDigest(self.network_digest, self.previous_network_digest or self.network_digest)

    @property
    def block_digests(self) -> KeyedDigest:
        """Return the digests by which what the block caused is found."""
        return KeyedDigest(self.block_digest, self.previous_block_digest or self.block_digest)


def get_visitor_network(request: HttpRequest) -> VisitorNetwork:
    """Return the network that a request came from, the same at portals and at the staff's sign-in."""
    return build_visitor_network(get_client_network(request), get_client_network_block(request))


def build_visitor_network(network: str, block: str) -> VisitorNetwork:
    """Return the digests of a network and of the block around it."""
    of_network, of_block = _digest(network), _digest(block)
    return VisitorNetwork(of_network.current, of_block.current, of_network.previous, of_block.previous)


def _digest(network: str) -> KeyedDigest:
    return compute_keyed_digest("tenants.network", network).truncate(DIGEST_BYTES)
