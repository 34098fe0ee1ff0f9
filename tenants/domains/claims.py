"""Which domains are a business's own, and how far has each one come?"""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tenants import addresses
from tenants.domains import lookups, probe
from tenants.domains.lookups import LookupFailed
from tenants.models import Address, Business, DomainClaim

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
MOST = 5


class DomainRefused(ValueError):
    """The domain can't be taken; the message says why, in a sentence for people."""


def claims_of(business: Business) -> QuerySet[DomainClaim]:
    """Return a business's claims, the oldest first."""
    return business.claims.order_by("created_at", "pk")


def check_domain(typed: str) -> str:
    """Return a domain in the form name servers know it by. Raises DomainRefused."""
    text = typed.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0].removesuffix(".")
    try:
        domain = text.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if len(domain) > 253 - len("_portico.") or not DOMAIN.fullmatch(domain):
        raise DomainRefused(_("This doesn't look like a domain. Enter one such as portal.example.com."))
    if any(domain == ours or domain.endswith(f".{ours}") for ours in (settings.PLATFORM_HOST, settings.PORTAL_DOMAIN)):
        raise DomainRefused(_("This is an address of ours. Change the Client Portal URL instead."))
    return domain


@transaction.atomic
def claim(*, business: Business, domain: str, now: datetime) -> DomainClaim:
    """Note that a business wants a domain, and give it the word that proves it. Raises DomainRefused."""
    Business.objects.select_for_update().get(pk=business.pk)
    wanted = check_domain(domain)
    if business.claims.filter(domain=wanted).exists():
        raise DomainRefused(_("This domain is on the list already."))
    if business.claims.count() >= MOST:
        raise DomainRefused(_("That is as many domains as a business can have. Release one first."))
    return business.claims.create(domain=wanted, created_at=now)


def look(*, claim: DomainClaim, now: datetime) -> DomainClaim:
    """Look how far a claim has come, and serve the domain from the moment it is proven. Asks name servers: takes seconds."""
    seen: dict[str, Any] = {"found": {}, "checked_at": now}
    try:
        _look_at_proof(claim, seen, now=now)
        if claim.proven_at or seen.get("proven_at"):
            _look_at_target(claim, seen, now=now)
    except LookupFailed:
        seen["found"]["trouble"] = "no-answer"
    DomainClaim.objects.filter(pk=claim.pk).update(**seen)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def release(*, claim: DomainClaim) -> None:
    """Give a domain up; the portal stays at its platform address. Whoever wants it next proves it afresh."""
    Address.objects.filter(business=claim.business_id, domain=claim.domain).delete()
    claim.delete()
    transaction.on_commit(addresses.invalidate)


def is_proven(domain: str) -> bool:
    """Tell whether a portal is served at a domain of a business's own; costs no query while the answer is fresh."""
    host = domain.strip().lower().removesuffix(".")
    if host.endswith(f".{settings.PORTAL_DOMAIN}"):
        return False
    place = addresses.resolve(host)
    return place is not None and place.portal_host == host


def _look_at_proof(claim: DomainClaim, seen: dict[str, Any], *, now: datetime) -> None:
    said = lookups.texts(claim.record)
    seen["found"]["txt"] = said[:5]
    if claim.proven_at or claim.expected not in said:
        return
    try:
        with transaction.atomic():
            Address.objects.create(business_id=claim.business_id, domain=claim.domain, proven_at=now)
    except IntegrityError:
        seen["found"]["trouble"] = "taken"
        return
    seen["proven_at"] = now
    transaction.on_commit(addresses.invalidate)


def _look_at_target(claim: DomainClaim, seen: dict[str, Any], *, now: datetime) -> None:
    ours, theirs = lookups.target(settings.PLATFORM_HOST), lookups.target(claim.domain)
    seen["found"] |= {"name": theirs.name, "addresses": list(theirs.addresses), "ours": list(ours.addresses)}
    is_here = bool(theirs.addresses) and set(theirs.addresses) <= set(ours.addresses)
    seen["pointed_at"] = (claim.pointed_at or now) if is_here else None
    seen["live_at"] = None
    if is_here:
        seen["found"]["https"] = answer = probe.knock(claim.domain, theirs.addresses[0])
        seen["live_at"] = (claim.live_at or now) if answer == "ours" else None
