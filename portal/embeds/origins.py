"""Origins of websites: scheme, host and port, as browsers send them."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from tenants.domain_names import InvalidDomainName, encode_domain

HOST_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
MAX_WEBSITES = 20
DEFAULT_PORTS = {"https": 443, "http": 80}


class InvalidOrigin(ValueError):
    """The text is not the address of one website."""


def parse_origin(text: str) -> str:
    """Return the origin of a website's address: `https://www.example.com`. Raises InvalidOrigin.

    Without TLS anybody on the way could write the website's pages, so only installations without it take such.
    """
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, port = encode_domain(parts.hostname or ""), parts.port
    except (ValueError, InvalidDomainName) as error:
        raise InvalidOrigin(text) from error
    is_site_alone = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _list_schemes() or not is_site_alone or not HOST_PATTERN.fullmatch(host):
        raise InvalidOrigin(text)
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


def _list_schemes() -> tuple[str, ...]:
    return ("https",) if settings.HTTPS else ("https", "http")
