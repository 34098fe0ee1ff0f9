"""Limits how often a sign-in code is requested for an email address of staff, and from one network.

Requests are counted from the rows that hold them, in the database, for known and unknown addresses alike, and apart
from the codes of portals: nobody who floods those keeps staff out. Browsers that an address's owner has signed in with
have limits of their own. Of what is left to all others no network may spend more than its share, and the rest is kept
for who waits: see ADR 17.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest
from tenants.models import StaffEmail
from tenants.sliding_windows import DAY, HOUR, NetworkEvent, RateLimitExceeded, ShareLimit, check_limits
from tenants.staff.people import normalise_address
from tenants.visitor_networks import VisitorNetwork

# A block has eight codes of either limit, so it takes three of them to use up a day.
ADDRESS_LIMITS = [
    ShareLimit.divide(10, HOUR),
    ShareLimit(20, DAY, network_share=8, reserve=12),
]
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

    `wait_id` is that of the wait which the browser sat out; it counts for one code.
    """

    email: str
    network: VisitorNetwork
    wait_id: UUID | None = None
    is_known_browser: bool = False

    @cached_property
    def address_digest(self) -> KeyedDigest:
        """Return the digests of the address, the same for every spelling that finds the same person."""
        return compute_keyed_digest("tenants.staff.code_address", normalise_address(self.email))

    @property
    def stored_fields(self) -> dict[str, Any]:
        """Return the fields of the staff email by which the request is counted."""
        return {
            "address_digest": self.address_digest.current,
            "network_digest": self.network.network_digest,
            "block_digest": self.network.block_digest,
            "is_known_browser": self.is_known_browser,
            "data": {"wait": self.wait_id.hex} if self.wait_id else {},
        }


def lock_requests(request: CodeRequest) -> None:
    """Serialise requests for the same address, and those from the same network, until the transaction ends."""
    # The network first, always; of two digests the smaller, whichever of the keys is the newer one here.
    keys = [_derive_lock_key(min(digests)) for digests in (request.network.network_digests, request.address_digest)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)", keys)


def check_request(request: CodeRequest, *, now: datetime) -> None:
    """Check that a code may be requested; the caller holds the locks. Raises CodeRequestRefused."""
    recent = _list_recent_requests(request, now=now)
    if not request.is_known_browser:
        from_network = _list_requests_from_network(request, now=now)
        _check(from_network, [NETWORK_LIMIT], None, reason=RefusalReason.NETWORK, now=now)
    network = None if request.is_known_browser else request.network
    _check(recent, ADDRESS_LIMITS, network, reason=RefusalReason.ADDRESS, now=now)
    if not (request.is_known_browser or _has_waited(request)):
        _check(recent, ADDRESS_LIMITS, network, reason=RefusalReason.WAIT, now=now)


def _has_waited(request: CodeRequest) -> bool:
    """Return whether the browser sat out a wait by which no code was requested so far."""
    if request.wait_id is None:
        return False
    used = StaffEmail.objects.filter(address_digest__in=[*request.address_digest], data__wait=request.wait_id.hex)
    return not used.exists()


def _check(
    requests: list[NetworkEvent],
    limits: list[ShareLimit],
    network: VisitorNetwork | None,
    *,
    reason: RefusalReason,
    now: datetime,
) -> None:
    """Check some limits, and leave their reserves to others if the refusal would be a mere wait."""
    is_wait, refusals = reason == RefusalReason.WAIT, []
    for limit in limits:
        try:
            check_limits(requests, [limit], network, keep_reserve=is_wait, adding=1, now=now)
        except RateLimitExceeded as error:
            refusals.append(error)
    if refusals:
        latest = max(refusals, key=lambda error: error.retry_at)
        raise CodeRequestRefused(reason, now + settings.ATTACK_MODE_DELAY if is_wait else latest.retry_at) from latest


def _list_requests_from_network(request: CodeRequest, *, now: datetime) -> list[NetworkEvent]:
    since, digests = now - NETWORK_LIMIT.window, [*request.network.network_digests]
    return _list_requests(since=since, network_digest__in=digests, is_known_browser=False)


def _list_recent_requests(request: CodeRequest, *, now: datetime) -> list[NetworkEvent]:
    return _list_requests(
        since=now - max(limit.window for limit in ADDRESS_LIMITS),
        address_digest__in=[*request.address_digest],
        is_known_browser=request.is_known_browser,
    )


def _list_requests(*, since: datetime, **conditions: object) -> list[NetworkEvent]:
    requests = StaffEmail.objects.filter(**conditions, created_at__gt=since).order_by("created_at")
    return [
        NetworkEvent(at, VisitorNetwork(bytes(network or b""), bytes(block or b"")))
        for at, network, block in requests.values_list("created_at", "network_digest", "block_digest")
    ]


def _derive_lock_key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], signed=True)
