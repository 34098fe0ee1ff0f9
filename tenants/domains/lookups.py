"""What does the domain name system say at this moment?"""

from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver
from django.conf import settings

# A page waits for the answer, so no question takes longer.
TIMEOUT_SECONDS = 3.0


class LookupFailed(Exception):
    """The name servers gave no answer at all, which says nothing about the record."""


@dataclass(frozen=True)
class Target:
    """Where a name leads: the last name of its CNAMEs and the addresses behind it. Empty where there is nothing."""

    name: str
    addresses: tuple[str, ...]


def texts(name: str) -> list[str]:
    """Return the TXT records of a name. Raises LookupFailed."""
    answer = _ask(name, "TXT")
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer] if answer else []


def target(name: str) -> Target:
    """Return where a name leads. Raises LookupFailed."""
    answers = [answer for kind in ("A", "AAAA") if (answer := _ask(name, kind))]
    last = answers[0].canonical_name.to_text(omit_final_dot=True).lower() if answers else ""
    return Target(last, tuple(sorted(record.address for answer in answers for record in answer)))


def _ask(name: str, kind: str) -> dns.resolver.Answer | None:
    try:
        return _resolver().resolve(dns.name.from_text(name), kind, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.DNSException as error:
        raise LookupFailed(name) from error


def _resolver() -> dns.resolver.Resolver:
    """Return a resolver of the machine's name servers, or of the one that DNS_RESOLVER names as host:port."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_RESOLVER)
    if settings.DNS_RESOLVER:
        host, _colon, port = settings.DNS_RESOLVER.rpartition(":")
        resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    resolver.lifetime = TIMEOUT_SECONDS
    return resolver
