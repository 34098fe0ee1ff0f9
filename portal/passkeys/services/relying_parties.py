"""The relying party of a portal: the exact host for which its passkeys are made."""

from dataclasses import dataclass

from tenants.hostnames import ResolvedHost, build_absolute_url


@dataclass(frozen=True)
class RelyingParty:
    """The host that passkeys are made for, the origin of its pages, and the name that browsers show."""

    host: str
    origin: str
    name: str


def get_relying_party(resolved_host: ResolvedHost) -> RelyingParty:
    """Return the relying party of a portal at its current address."""
    host = resolved_host.portal_host
    return RelyingParty(host, build_absolute_url(host, ""), resolved_host.business.name)
