"""Where webhooks may go: a URL is checked when it is saved, and its addresses are judged before every connection.

Whoever chooses a URL must not reach what only this machine can: itself, its network, or the metadata of its cloud. So
the name is resolved here, every address is judged, and the connection is made to the address that was judged.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from tenants.domains import dns_lookups

DEFAULT_PORTS = {"https": 443, "http": 80}
# Below these ports listen services that are no web servers, such as mail servers.
OTHER_PORTS = range(1024, 65_536)
LOOPBACK_NAMES = {"localhost": "127.0.0.1"}
PRINTABLE_ASCII = re.compile(r"[!-\[\]-~]+")
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62}\.)*[a-z0-9_-]{0,62}[a-z0-9]")
DNS_TIMEOUT_SECONDS = 1.5
# Of a host with more addresses only so many are tried.
MAX_ADDRESSES = 4
# Networks whose addresses hold one of IPv4: NAT64, and 6to4, whose is not at the end.
NAT64 = IPv6Network("64:ff9b::/96")

# Private, whatever the release of Python says of them: addresses that machines of a cloud ask for its metadata, and
# IPv6 addresses that were given to sites.
OTHER_PRIVATE_NETWORKS = (IPv4Network("192.0.0.0/24"), IPv4Network("168.63.129.16/32"), IPv6Network("fec0::/10"))

IPAddress = IPv4Address | IPv6Address


class InvalidDestination(ValueError):
    """Webhooks can't be sent to this URL; the message is the reason in one word."""


class RefusedAddress(Exception):
    """The host has no address, or one that webhooks may not be sent to; the message is the reason in one word."""


@dataclass(frozen=True)
class Destination:
    """The parts of a URL that was checked. `host` is a name in ASCII or an address, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        """Return whether the connection is encrypted."""
        return self.scheme == "https"


def parse_destination(url: str) -> Destination:
    """Return the parts of a URL that webhooks may be sent to. Raises InvalidDestination."""
    if not PRINTABLE_ASCII.fullmatch(url):
        raise InvalidDestination("characters")
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        raise InvalidDestination("form") from None
    host = (parts.hostname or "").rstrip(".")
    _check_parts(parts, host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port, path)


def resolve_destination(destination: Destination) -> list[str]:
    """Return the addresses to connect to, in order; all addresses of the host are judged. Raises RefusedAddress."""
    addresses = _list_addresses(destination.host)
    if not addresses:
        raise RefusedAddress("unresolvable")
    if not all(_is_permitted(address) for address in addresses):
        raise RefusedAddress("private-address")
    # IPv4 is reached from everywhere, IPv6 only where the cluster's network has it.
    return [str(address) for address in sorted(addresses, key=lambda address: address.version)][:MAX_ADDRESSES]


def is_public_address(address: IPAddress) -> bool:
    """Return whether an address, and any that it stands for, belongs to the public internet."""
    embedded = _get_embedded_address(address)
    if embedded is not None:
        return is_public_address(embedded)
    if any(address in network for network in OTHER_PRIVATE_NETWORKS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _check_parts(parts: SplitResult, host: str, port: int) -> None:
    """Raise InvalidDestination for a URL with a part that webhooks have no use for."""
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host) and settings.DEMO):
        raise InvalidDestination("scheme")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidDestination("form")
    if port != DEFAULT_PORTS[parts.scheme] and port not in OTHER_PORTS:
        raise InvalidDestination("port")
    address = _parse_address(host)
    if address is None and not HOST_NAME.fullmatch(host):
        raise InvalidDestination("host")
    if address is not None and not _is_permitted(address):
        raise InvalidDestination("private-address")


def _list_addresses(host: str) -> list[IPAddress]:
    literal = _parse_address(host)
    if literal is not None:
        return [literal]
    try:
        found = dns_lookups.resolve_addresses(host, timeout=DNS_TIMEOUT_SECONDS)
    except dns_lookups.DnsLookupFailed:
        return []
    return [ip_address(address) for address in found.addresses]


def _parse_address(host: str) -> IPAddress | None:
    try:
        return ip_address(LOOPBACK_NAMES.get(host, host))
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _parse_address(host)
    return address is not None and address.is_loopback


def _is_permitted(address: IPAddress) -> bool:
    return is_public_address(address) or (settings.DEMO and address.is_loopback)


def _get_embedded_address(address: IPAddress) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
