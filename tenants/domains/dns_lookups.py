"""DNS queries for the verification of custom domains."""

from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver
from django.conf import settings

# A page waits for the answer, so every query ends after this.
TIMEOUT_SECONDS = 3.0


class DnsLookupFailed(Exception):
    """The name servers gave no answer, which says nothing about the record."""


@dataclass(frozen=True)
class DnsResult:
    """The last name of a CNAME chain and its IP addresses; both are empty if the name does not exist."""

    canonical_name: str
    addresses: tuple[str, ...]


def query_txt(name: str) -> list[str]:
    """Return the TXT records of a name. Raises DnsLookupFailed."""
    answer = _query_dns_records(name, "TXT")
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer] if answer else []


def resolve_addresses(name: str, *, timeout: float = TIMEOUT_SECONDS) -> DnsResult:
    """Return the target of a name; each of two queries may take `timeout` seconds. Raises DnsLookupFailed."""
    answers = [answer for record_type in ("A", "AAAA") if (answer := _query_dns_records(name, record_type, timeout))]
    last = answers[0].canonical_name.to_text(omit_final_dot=True).lower() if answers else ""
    return DnsResult(last, tuple(sorted(record.address for answer in answers for record in answer)))


def _query_dns_records(name: str, record_type: str, timeout: float = TIMEOUT_SECONDS) -> dns.resolver.Answer | None:
    try:
        return _build_resolver(timeout).resolve(dns.name.from_text(name), record_type, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.DNSException as error:
        raise DnsLookupFailed(name) from error


def _build_resolver(timeout: float) -> dns.resolver.Resolver:
    """Return a resolver for the system's name servers, or for the one that DNS_RESOLVER names as host:port."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_RESOLVER)
    if settings.DNS_RESOLVER:
        host, _colon, port = settings.DNS_RESOLVER.rpartition(":")
        resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    resolver.lifetime = timeout
    return resolver
