"""The networks from which an API key may be used, as people type them."""

from collections.abc import Iterable
from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_NETWORKS = 20


def parse_networks(typed: Iterable[str]) -> list[str]:
    """Return addresses and networks in CIDR notation. Raises ValidationError, which names the one that is none."""
    networks = []
    for text in typed:
        try:
            networks.append(str(ip_network(text.strip(",;"), strict=False)))
        except ValueError as error:
            message = _("“%(text)s” is not an IP address. Write one as 203.0.113.7, or a network as 203.0.113.0/24.")
            raise ValidationError(message, params={"text": text[:60]}) from error
    if len(networks) > MAX_NETWORKS:
        raise ValidationError(_("Enter at most %(number)d addresses."), params={"number": MAX_NETWORKS})
    return networks
