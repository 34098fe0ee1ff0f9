"""Adds, verifies, rechecks and releases the custom domains of businesses."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tenants import hostnames
from tenants.business_locks import lock_business
from tenants.deleted_rows import delete_row
from tenants.domain_names import InvalidDomainName, encode_domain
from tenants.domains import dns_lookups, https_probe
from tenants.domains.dns_lookups import DnsLookupFailed
from tenants.domains.public_suffixes import is_public_suffix
from tenants.models import Business, BusinessStatus, CustomDomain, PortalHostname

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
MAX_DOMAINS = 5
# Between two checks of a domain that people request.
CHECK_INTERVAL = timedelta(seconds=10)
# Scheduled checks in a row before a domain counts as broken: zones are edited, and name servers have outages.
MAX_FAILED_CHECKS = 3
INTACT: dict[str, Any] = {"failed_checks": 0, "broken_at": None}


class InvalidDomain(ValueError):
    """The domain can't be added; the message says why, for people."""


def list_custom_domains(business: Business) -> QuerySet[CustomDomain]:
    """Return a business's custom domains, the oldest first."""
    return business.custom_domains.order_by("created_at", "pk")


def normalise_domain(typed: str) -> str:
    """Return a domain as name servers know it: lower case, IDNA-encoded, without scheme or path.

    Raises InvalidDomain.
    """
    text = typed.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0].removesuffix(".")
    try:
        domain = encode_domain(text)
    except InvalidDomainName:
        domain = ""
    if len(domain) > 253 - len("_portico.") or not DOMAIN.fullmatch(domain):
        raise InvalidDomain(_("This doesn’t look like a domain. Enter one such as portal.example.com."))
    if any(domain == ours or domain.endswith(f".{ours}") for ours in (settings.PLATFORM_HOST, settings.PORTAL_DOMAIN)):
        raise InvalidDomain(_("This is an address of this platform. Change the Client Portal URL instead."))
    if is_public_suffix(domain):
        raise InvalidDomain(_("This isn’t your own domain: anybody can register a name below it. Enter yours."))
    return domain


@transaction.atomic
def add_domain(*, business: Business, domain: str, now: datetime) -> CustomDomain:
    """Add an unverified domain to a business, with a token for its TXT record. Raises InvalidDomain."""
    lock_business(business)
    domain = normalise_domain(domain)
    if business.custom_domains.filter(domain=domain).exists():
        raise InvalidDomain(_("This domain is already on your list."))
    if business.custom_domains.count() >= MAX_DOMAINS:
        raise InvalidDomain(_("You have reached the maximum number of domains. Release one first."))
    return business.custom_domains.create(domain=domain, created_at=now)


def try_start_domain_check(*, custom_domain: CustomDomain, now: datetime) -> bool:
    """Record a requested check of a domain and return True; False if the last was less than CHECK_INTERVAL ago."""
    is_due = Q(check_requested_at=None) | Q(check_requested_at__lte=now - CHECK_INTERVAL)
    return bool(CustomDomain.objects.filter(is_due, pk=custom_domain.pk).update(check_requested_at=now))


def verify_domain(*, custom_domain: CustomDomain, now: datetime) -> CustomDomain:
    """Check a domain, and serve it as soon as it is verified. Queries name servers, so it takes seconds."""
    result = _run_domain_checks(custom_domain, now=now)
    return _save_check_result(custom_domain, result | INTACT if _is_domain_intact(custom_domain, result) else result)


def recheck_domain(*, custom_domain: CustomDomain, now: datetime) -> CustomDomain:
    """Check whether a verified domain still works. A failed check is counted; after three in a row it is broken.

    A broken domain stays served until it is released or another business verifies it.
    """
    result, failed_checks = _run_domain_checks(custom_domain, now=now), custom_domain.failed_checks + 1
    if _is_domain_intact(custom_domain, result):
        return _save_check_result(custom_domain, result | INTACT)
    if failed_checks < MAX_FAILED_CHECKS:
        return _save_check_result(custom_domain, {"checked_at": now, "failed_checks": failed_checks})
    broken_at = custom_domain.broken_at or now
    return _save_check_result(custom_domain, result | {"failed_checks": MAX_FAILED_CHECKS, "broken_at": broken_at})


def list_due_for_recheck() -> QuerySet[CustomDomain]:
    """Return the verified domains of businesses that are open, the least recently checked first."""
    verified = CustomDomain.objects.filter(verified_at__isnull=False)
    return verified.filter(business__status=BusinessStatus.ACTIVE).order_by("checked_at")


@transaction.atomic
def release_domain(*, custom_domain: CustomDomain) -> None:
    """Remove a domain; the portal stays at its platform hostname. Whoever adds the domain next verifies it anew.

    Raises CustomDomain.DoesNotExist.
    """
    # The custom domain goes first: a verification at this moment holds its row, and has made the hostname by then.
    delete_row(custom_domain)
    PortalHostname.objects.filter(business=custom_domain.business_id, domain=custom_domain.domain).delete()
    transaction.on_commit(hostnames.invalidate_host_cache)


def is_verified_domain(domain: str) -> bool:
    """Return whether a portal is served at this custom domain; no query while the host cache is fresh."""
    host = domain.strip().lower().removesuffix(".")
    if host.endswith(f".{settings.PORTAL_DOMAIN}"):
        return False
    resolved_host = hostnames.resolve_host(host)
    return resolved_host is not None and resolved_host.portal_host == host


def _run_domain_checks(custom_domain: CustomDomain, *, now: datetime) -> dict[str, Any]:
    """Return the columns that the checks would change; a check that finds the TXT record creates the hostname."""
    result: dict[str, Any] = {"check_result": {}, "checked_at": now}
    try:
        _check_txt(custom_domain, result, now=now)
        if custom_domain.verified_at or result.get("verified_at"):
            _check_dns_and_https(custom_domain, result, now=now)
    except DnsLookupFailed:
        result["check_result"]["problem"] = "no-answer"
    return result


def _is_domain_intact(custom_domain: CustomDomain, result: dict[str, Any]) -> bool:
    """Return whether everything that worked before still works; a broken domain is intact again once it is live."""
    was_broken = custom_domain.broken_at
    is_dns_ready = bool(result.get("dns_ready_at")) or not (custom_domain.dns_ready_at or was_broken)
    is_live = bool(result.get("live_at")) or not (custom_domain.live_at or was_broken)
    return "problem" not in result["check_result"] and is_dns_ready and is_live


def _save_check_result(custom_domain: CustomDomain, result: dict[str, Any]) -> CustomDomain:
    """Save a result, unless the domain was released or verified by another business during the check."""
    rows = CustomDomain.objects.filter(pk=custom_domain.pk)
    if custom_domain.verified_at:
        rows = rows.filter(verified_at__isnull=False)
    rows.update(**result)
    with suppress(CustomDomain.DoesNotExist):
        custom_domain.refresh_from_db()
    return custom_domain


def _check_txt(custom_domain: CustomDomain, result: dict[str, Any], *, now: datetime) -> None:
    records = dns_lookups.query_txt(custom_domain.txt_name)
    result["check_result"]["txt"] = records[:5]
    if custom_domain.verified_at and custom_domain.txt_value not in records:
        result["check_result"]["problem"] = "txt-missing"
    if custom_domain.verified_at or custom_domain.txt_value not in records:
        return
    try:
        with transaction.atomic():
            if CustomDomain.objects.select_for_update(no_key=True).filter(pk=custom_domain.pk).first() is None:
                # It was released during the DNS query.
                return
            _revoke_stale_verification(custom_domain.domain, records)
            PortalHostname.objects.create(
                business_id=custom_domain.business_id, domain=custom_domain.domain, verified_at=now
            )
    except IntegrityError:
        result["check_result"]["problem"] = "taken"
        return
    result["verified_at"] = now
    transaction.on_commit(hostnames.invalidate_host_cache)


def _revoke_stale_verification(domain: str, records: list[str]) -> None:
    """Revoke another business's verification if its TXT record is gone: the domain has a new owner."""
    holder = (
        CustomDomain.objects.select_for_update(no_key=True).filter(domain=domain, verified_at__isnull=False).first()
    )
    if holder is None or holder.txt_value in records:
        return
    PortalHostname.objects.filter(business=holder.business_id, domain=domain).delete()
    revoked = {"verified_at": None, "dns_ready_at": None, "live_at": None}
    result = {"problem": "verified-elsewhere"}
    CustomDomain.objects.filter(pk=holder.pk).update(**revoked, check_result=result, **INTACT)


def _check_dns_and_https(custom_domain: CustomDomain, result: dict[str, Any], *, now: datetime) -> None:
    platform_target = dns_lookups.resolve_addresses(settings.PLATFORM_HOST)
    target = dns_lookups.resolve_addresses(custom_domain.domain)
    result["check_result"] |= {
        "canonical_name": target.canonical_name,
        "addresses": list(target.addresses),
        "our_addresses": list(platform_target.addresses),
    }
    points_here = bool(target.addresses) and set(target.addresses) <= set(platform_target.addresses)
    result["dns_ready_at"] = (custom_domain.dns_ready_at or now) if points_here else None
    result["live_at"] = None
    if points_here:
        result["check_result"]["https"] = outcome = https_probe.probe_https(custom_domain.domain, target.addresses[0])
        result["live_at"] = (custom_domain.live_at or now) if outcome == "ok" else None
