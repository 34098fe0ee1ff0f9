"""Determines the IP address and network that a request comes from."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def get_client_ip(request: HttpRequest) -> IPAddress | None:
    """Return the IP address a request comes from, or None if it can't be determined."""
    return _find_ip(request.META, settings.TRUSTED_PROXY_COUNT)


def get_client_network(request: HttpRequest) -> str:
    """Return the network of a request: an IPv4 address, or the /64 network of an IPv6 subscriber."""
    return find_network(request.META, trusted_proxies=settings.TRUSTED_PROXY_COUNT)


def get_client_network_block(request: HttpRequest) -> str:
    """Return the block around a request's network, which one customer of a provider may hold: IPv4 /24 or IPv6 /48."""
    return find_network_block(request.META, trusted_proxies=settings.TRUSTED_PROXY_COUNT)


def find_network(environ: Mapping[str, Any], *, trusted_proxies: int) -> str:
    """Return the network of a request that Django has not seen yet, from its WSGI environment."""
    ip = _find_ip(environ, trusted_proxies)
    if ip is None:
        return "unknown"
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


def find_network_block(environ: Mapping[str, Any], *, trusted_proxies: int) -> str:
    """Return the block around the network of a request that Django has not seen yet, from its WSGI environment."""
    ip = _find_ip(environ, trusted_proxies)
    if ip is None:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def _find_ip(environ: Mapping[str, Any], trusted_proxies: int) -> IPAddress | None:
    """Trust the last hops of X-Forwarded-For, one per proxy: the caller may have written anything before them."""
    address = environ.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if trusted_proxies and len(hops) >= trusted_proxies:
        address = hops[-trusted_proxies]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip
