"""Determines the IP address and network that a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def get_client_ip(request: HttpRequest) -> IPAddress | None:
    """Return the IP address a request comes from, or None if it can't be determined.

    Only the last TRUSTED_PROXY_COUNT hops of X-Forwarded-For are trusted: our proxies wrote them, and the caller
    may have written anything before them.
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
    """Return the network of a request: an IPv4 address, or the /64 network of an IPv6 subscriber."""
    ip = get_client_ip(request)
    if ip is None:
        return "unknown"
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))
