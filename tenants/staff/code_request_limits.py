"""Limits how often a sign-in code is requested for an email address of staff, and from one network.

Requests are counted from the rows that hold them, in the database, for known and unknown addresses alike. Browsers that
an address's owner has signed in with have a limit of their own. Of what is left to all others no network may spend
more than its share, and the last two requests of an hour are kept for who waits: see ADR 17.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest
from tenants.models import StaffEmail
from tenants.recipient_budgets import BudgetPool, Spender
from tenants.sliding_windows import HOUR, NetworkEvent, RateLimitExceeded, ShareLimit, check_limits
from tenants.staff.people import normalise_address
from tenants.visitor_networks import VisitorNetwork

ADDRESS_LIMIT = ShareLimit.divide(10, HOUR)
# Of all unknown browsers of one network, for whatever addresses.
NETWORK_LIMIT = ShareLimit(60, timedelta(minutes=10), network_share=60, reserve=0)


class RefusalReason(Enum):
    """Why a request for a code was refused."""

    ADDRESS = "address"
    NETWORK = "network"
    # The rest of the limit is for browsers that wait for some seconds.
    WAIT = "wait"


class CodeRequestRefused(Exception):
    """A code was requested too often; `retry_at` says when the next request is accepted."""

    def __init__(self, reason: RefusalReason, retry_at: datetime):
        super().__init__(reason.value)
        self.reason, self.retry_at = reason, retry_at


@dataclass(frozen=True)
class CodeRequest:
    """A request for a code to an address that somebody typed, from a browser that its owner signed in with or another.

    `has_waited` says that the browser sat out a wait.
    """

    email: str
    network: VisitorNetwork
    has_waited: bool = False
    is_known_browser: bool = False

    @cached_property
    def address_digest(self) -> KeyedDigest:
        """Return the digests of the address, the same for every spelling that finds the same person."""
        return compute_keyed_digest("tenants.staff.code_address", normalise_address(self.email))

    @property
    def spender(self) -> Spender:
        """Return on whose behalf the code counts among all messages to the mailbox."""
        pool = BudgetPool.RECOGNISED if self.is_known_browser else BudgetPool.UNRECOGNISED
        network = self.network
        return Spender(pool, network.network_digests, network.block_digests, may_use_reserve=self.has_waited)

    @property
    def stored_fields(self) -> dict[str, Any]:
        """Return the fields of the staff email by which the request is counted."""
        return {
            "address_digest": self.address_digest.current,
            "network_digest": self.network.network_digest,
            "block_digest": self.network.block_digest,
            "is_known_browser": self.is_known_browser,
        }


def lock_requests(request: CodeRequest) -> None:
    """Serialise requests for the same address, and those from the same network, until the transaction ends."""
    # The network first, always; of two digests the smaller, whichever of the keys is the newer one here.
    keys = [_derive_lock_key(min(digests)) for digests in (request.network.network_digests, request.address_digest)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)", keys)


def check_request(request: CodeRequest, *, now: datetime) -> None:
    """Check that a code may be requested; the caller holds the locks. Raises CodeRequestRefused."""
    from_network, recent = _list_requests_from_network(request, now=now), _list_recent_requests(request, now=now)
    if not request.is_known_browser:
        _check(from_network, NETWORK_LIMIT, None, reason=RefusalReason.NETWORK, now=now)
    network = None if request.is_known_browser else request.network
    _check(recent, ADDRESS_LIMIT, network, reason=RefusalReason.ADDRESS, now=now)
    if not (request.is_known_browser or request.has_waited):
        _check(recent, ADDRESS_LIMIT, network, reason=RefusalReason.WAIT, now=now)


def _check(
    requests: list[NetworkEvent],
    limit: ShareLimit,
    network: VisitorNetwork | None,
    *,
    reason: RefusalReason,
    now: datetime,
) -> None:
    """Check one limit, and leave its reserve to others if the refusal would be a mere wait."""
    try:
        check_limits(requests, [limit], network, keep_reserve=reason == RefusalReason.WAIT, adding=1, now=now)
    except RateLimitExceeded as error:
        wait_ends_at = now + settings.ATTACK_MODE_DELAY
        raise CodeRequestRefused(reason, wait_ends_at if reason == RefusalReason.WAIT else error.retry_at) from error


def _list_requests_from_network(request: CodeRequest, *, now: datetime) -> list[NetworkEvent]:
    digests = [*request.network.network_digests]
    return _list_requests(NETWORK_LIMIT, now=now, network_digest__in=digests, is_known_browser=False)


def _list_recent_requests(request: CodeRequest, *, now: datetime) -> list[NetworkEvent]:
    return _list_requests(
        ADDRESS_LIMIT,
        now=now,
        address_digest__in=[*request.address_digest],
        is_known_browser=request.is_known_browser,
    )


def _list_requests(limit: ShareLimit, *, now: datetime, **conditions: object) -> list[NetworkEvent]:
    requests = StaffEmail.objects.filter(**conditions, created_at__gt=now - limit.window).order_by("created_at")
    return [
        NetworkEvent(at, VisitorNetwork(bytes(network or b""), bytes(block or b"")))
        for at, network, block in requests.values_list("created_at", "network_digest", "block_digest")
    ]


def _derive_lock_key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], signed=True)
