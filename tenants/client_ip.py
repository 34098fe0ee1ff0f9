"""From which address does a request come?"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def get_client_ip(request: HttpRequest) -> IPAddress | None:
    """Return the address a request comes from, or None when nobody can tell.

    X-Forwarded-For counts only as far as TRUSTED_PROXY_COUNT says: its last hops are
    ours, anything before them is whatever the caller wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXY_COUNT and len(hops) >= settings.TRUSTED_PROXY_COUNT:
        address = hops[-settings.TRUSTED_PROXY_COUNT]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def get_client_network(request: HttpRequest) -> str:
    """Return the network a request comes from: an IPv4 address, or the /64 that one IPv6 subscriber owns."""
    ip = get_client_ip(request)
    if ip is None:
        return "unknown"
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))
