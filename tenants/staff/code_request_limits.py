"""Limits how often a code is requested for an email address of staff, counted for known and unknown addresses alike.

Browsers that its owner has signed in with have a limit of their own. Of what is left to all others no network may
spend more than its share, and the last two requests of an hour are kept for who waits: see ADR 17.
"""

from enum import Enum

from allauth.core import ratelimit
from django.http import HttpRequest

from tenants.staff.visitor_networks import get_staff_network


class CodeRequestDecision(Enum):
    """What becomes of a request for a code."""

    ALLOWED = "allowed"
    WAIT = "wait"
    REFUSED = "refused"


def count_code_request(
    request: HttpRequest, email: str, *, is_known_browser: bool, has_waited: bool
) -> CodeRequestDecision:
    """Count a request for a code, if it is allowed, and return what becomes of it."""
    address = email.lower()
    if not ratelimit.consume(request, action="request_login_code"):
        return CodeRequestDecision.REFUSED
    if is_known_browser:
        return _get_decision(ratelimit.consume(request, action="request_login_code_known", key=address))
    network = get_staff_network(request)
    shares = (
        ("request_login_code_network", f"{network.network} {address}"),
        ("request_login_code_block", f"{network.block} {address}"),
    )
    if not all(ratelimit.consume(request, action=action, key=key, dry_run=True) for action, key in shares):
        return CodeRequestDecision.REFUSED
    decision = _count_common(request, address, has_waited=has_waited)
    if decision == CodeRequestDecision.ALLOWED:
        for action, key in shares:
            ratelimit.consume(request, action=action, key=key)
    return decision


def _count_common(request: HttpRequest, address: str, *, has_waited: bool) -> CodeRequestDecision:
    """Count a request towards what all unknown browsers share, or else towards the reserve of those who waited."""
    if ratelimit.consume(request, action="request_login_code_common", key=address):
        return CodeRequestDecision.ALLOWED
    if not has_waited:
        has_reserve = ratelimit.consume(request, action="request_login_code_reserve", key=address, dry_run=True)
        return CodeRequestDecision.WAIT if has_reserve else CodeRequestDecision.REFUSED
    return _get_decision(ratelimit.consume(request, action="request_login_code_reserve", key=address))


def _get_decision(is_allowed: bool) -> CodeRequestDecision:
    return CodeRequestDecision.ALLOWED if is_allowed else CodeRequestDecision.REFUSED
