"""The network a request to sign in as staff comes from, as keyed digests that do not say where it is."""

from dataclasses import dataclass

from django.http import HttpRequest

from tenants.client_ip import get_client_network, get_client_network_block
from tenants.keyed_digests import compute_keyed_digest

DIGEST_LENGTH = 32


@dataclass(frozen=True)
class StaffNetwork:
    """A network and the block of addresses around it."""

    network: str
    block: str


def get_staff_network(request: HttpRequest) -> StaffNetwork:
    """Return the network that a request comes from."""
    return StaffNetwork(_digest(get_client_network(request)), _digest(get_client_network_block(request)))


def _digest(network: str) -> str:
    return compute_keyed_digest("tenants.staff.network", network).current.hex()[:DIGEST_LENGTH]
