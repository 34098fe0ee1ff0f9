"""Which domains are a business's own, and how far has each one come?"""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tenants import hostnames
from tenants.domains import lookups, probe
from tenants.domains.lookups import LookupFailed
from tenants.models import Business, DomainClaim, Hostname

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
MOST = 5
# Between two looks that people ask for.
WAIT = timedelta(seconds=10)
# Looks of the schedule in a row: zones are edited, and name servers have bad hours.
MOST_FAILURES = 3
WHOLE: dict[str, Any] = {"failures": 0, "broken_at": None}


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


def may_look(*, claim: DomainClaim, now: datetime) -> bool:
    """Tell whether somebody may have this domain looked at now, and note that they did: once in ten seconds."""
    rested = Q(asked_at=None) | Q(asked_at__lte=now - WAIT)
    return bool(DomainClaim.objects.filter(rested, pk=claim.pk).update(asked_at=now))


def look(*, claim: DomainClaim, now: datetime) -> DomainClaim:
    """Look how far a claim has come, and serve the domain from the moment it is proven. Asks name servers: takes seconds."""
    seen = _see(claim, now=now)
    return _keep(claim, seen | WHOLE if _stands(claim, seen) else seen)


def look_again(*, claim: DomainClaim, now: datetime) -> DomainClaim:
    """Look whether a proven domain still is as it was. One bad look is only counted; after three in a row it is broken.

    It stays served: that ends when it is released, or when another business proves it.
    """
    seen, failures = _see(claim, now=now), claim.failures + 1
    if _stands(claim, seen):
        return _keep(claim, seen | WHOLE)
    if failures < MOST_FAILURES:
        return _keep(claim, {"checked_at": now, "failures": failures})
    return _keep(claim, seen | {"failures": MOST_FAILURES, "broken_at": claim.broken_at or now})


def to_look_at_again() -> QuerySet[DomainClaim]:
    """Return the proven claims of businesses that still exist, those not seen for the longest time first."""
    proven = DomainClaim.objects.filter(proven_at__isnull=False).exclude(business__status=Business.Status.CLOSED)
    return proven.order_by("checked_at")


@transaction.atomic
def release(*, claim: DomainClaim) -> None:
    """Give a domain up; the portal stays at its platform address. Whoever wants it next proves it afresh."""
    # The claim first: who proves it in this moment holds it, and the address they made is then there to be deleted.
    claim.delete()
    Hostname.objects.filter(business=claim.business_id, domain=claim.domain).delete()
    transaction.on_commit(hostnames.invalidate_cache)


def is_proven(domain: str) -> bool:
    """Tell whether a portal is served at a domain of a business's own; costs no query while the answer is fresh."""
    host = domain.strip().lower().removesuffix(".")
    if host.endswith(f".{settings.PORTAL_DOMAIN}"):
        return False
    place = hostnames.resolve_host(host)
    return place is not None and place.portal_host == host


def _see(claim: DomainClaim, *, now: datetime) -> dict[str, Any]:
    seen: dict[str, Any] = {"found": {}, "checked_at": now}
    try:
        _look_at_proof(claim, seen, now=now)
        if claim.proven_at or seen.get("proven_at"):
            _look_at_target(claim, seen, now=now)
    except LookupFailed:
        seen["found"]["trouble"] = "no-answer"
    return seen


def _stands(claim: DomainClaim, seen: dict[str, Any]) -> bool:
    """Tell whether everything that once was there is there still; a broken domain is whole again once it is live."""
    is_there = bool(seen.get("pointed_at")) or not (claim.pointed_at or claim.broken_at)
    is_live = bool(seen.get("live_at")) or not (claim.live_at or claim.broken_at)
    return "trouble" not in seen["found"] and is_there and is_live


def _keep(claim: DomainClaim, seen: dict[str, Any]) -> DomainClaim:
    """Write what was seen, unless the domain was released, or proven by another business, while we looked."""
    rows = DomainClaim.objects.filter(pk=claim.pk)
    if claim.proven_at:
        rows = rows.filter(proven_at__isnull=False)
    rows.update(**seen)
    with suppress(DomainClaim.DoesNotExist):
        claim.refresh_from_db()
    return claim


def _look_at_proof(claim: DomainClaim, seen: dict[str, Any], *, now: datetime) -> None:
    said = lookups.texts(claim.record)
    seen["found"]["txt"] = said[:5]
    if claim.proven_at and claim.expected not in said:
        seen["found"]["trouble"] = "proof-gone"
    if claim.proven_at or claim.expected not in said:
        return
    try:
        with transaction.atomic():
            if DomainClaim.objects.select_for_update().filter(pk=claim.pk).first() is None:
                # Released while we asked.
                return
            _take_over(claim.domain, said)
            Hostname.objects.create(business_id=claim.business_id, domain=claim.domain, verified_at=now)
    except IntegrityError:
        seen["found"]["trouble"] = "taken"
        return
    seen["proven_at"] = now
    transaction.on_commit(hostnames.invalidate_cache)


def _take_over(domain: str, said: list[str]) -> None:
    """Take a domain from a business whose proof is there no more, for one whose proof is: it has changed hands."""
    holder = DomainClaim.objects.select_for_update().filter(domain=domain, proven_at__isnull=False).first()
    if holder is None or holder.expected in said:
        return
    Hostname.objects.filter(business=holder.business_id, domain=domain).delete()
    gone = {"proven_at": None, "pointed_at": None, "live_at": None, "found": {"trouble": "taken-over"}}
    DomainClaim.objects.filter(pk=holder.pk).update(**gone, **WHOLE)


def _look_at_target(claim: DomainClaim, seen: dict[str, Any], *, now: datetime) -> None:
    ours, theirs = lookups.target(settings.PLATFORM_HOST), lookups.target(claim.domain)
    seen["found"] |= {"name": theirs.name, "addresses": list(theirs.addresses), "ours": list(ours.addresses)}
    is_here = bool(theirs.addresses) and set(theirs.addresses) <= set(ours.addresses)
    seen["pointed_at"] = (claim.pointed_at or now) if is_here else None
    seen["live_at"] = None
    if is_here:
        seen["found"]["https"] = answer = probe.knock(claim.domain, theirs.addresses[0])
        seen["live_at"] = (claim.live_at or now) if answer == "ours" else None
