"""Limits of events in sliding windows, of which one network may use no more than its share."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.visitor_networks import VisitorNetwork

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class RateLimitExceeded(Exception):
    """An address had too many codes or wrong guesses; `retry_at` says when the next one is allowed."""

    def __init__(self, retry_at: datetime):
        super().__init__("rate limit exceeded")
        self.retry_at = retry_at


@dataclass(frozen=True)
class NetworkEvent:
    """Something that counts towards a limit, and the network that caused it."""

    at: datetime
    network: VisitorNetwork


@dataclass(frozen=True)
class ShareLimit:
    """At most `maximum` events within a sliding window.

    One network may cause `network_share` of them, and the block around it all but the `reserve`.
    """

    maximum: int
    window: timedelta
    network_share: int
    reserve: int

    @classmethod
    def divide(cls, maximum: int, window: timedelta, *, network_fifths: int = 3) -> "ShareLimit":
        """Return a limit of which a network may use three fifths, or others, and a fifth is kept in reserve."""
        return cls(maximum, window, network_share=-(-maximum * network_fifths // 5), reserve=maximum // 5)

    @property
    def block_share(self) -> int:
        """Return how many events one block may cause."""
        return self.maximum - self.reserve


def check_limits(
    events: list[NetworkEvent],
    limits: list[ShareLimit],
    network: VisitorNetwork | None,
    *,
    keep_reserve: bool,
    adding: int,
    now: datetime,
) -> None:
    """Check that `adding` more events of a network are within the limits. Raises RateLimitExceeded.

    Without a network only the maxima hold. `keep_reserve` leaves the reserve to others.
    """
    for limit in limits:
        within = sorted((event for event in events if event.at > now - limit.window), key=lambda event: event.at)
        if network is not None:
            of_network = [event for event in within if _get_network(event) in network.network_digests]
            of_block = [event for event in within if _get_block(event) in network.block_digests]
            _check_maximum(of_network, limit.network_share, limit, adding=adding, now=now)
            _check_maximum(of_block, limit.block_share, limit, adding=adding, now=now)
            within = _leave_out_refused(within, limit)
        maximum = limit.maximum - (limit.reserve if keep_reserve else 0)
        _check_maximum(within, maximum, limit, adding=adding, now=now)


def _get_network(event: NetworkEvent) -> bytes:
    return event.network.network_digest


def _get_block(event: NetworkEvent) -> bytes:
    return event.network.block_digest


def _group(
    events: list[NetworkEvent], get_key: Callable[[NetworkEvent], bytes]
) -> defaultdict[bytes, list[NetworkEvent]]:
    groups = defaultdict(list)
    for event in events:
        groups[get_key(event)].append(event)
    return groups


def _leave_out_refused(events: list[NetworkEvent], limit: ShareLimit) -> list[NetworkEvent]:
    """Return the events without those beyond a share: these were counted, but refused, and take nothing from others."""
    for get_key, share in ((_get_network, limit.network_share), (_get_block, limit.block_share)):
        groups = _group(events, get_key).values()
        events = [event for group in groups for event in group[max(0, len(group) - share) :]]
    return sorted(events, key=lambda event: event.at)


def _check_maximum(events: list[NetworkEvent], maximum: int, limit: ShareLimit, *, adding: int, now: datetime) -> None:
    excess = len(events) + adding - maximum
    if excess > 0:
        raise RateLimitExceeded(retry_at=(events[excess - 1].at if excess <= len(events) else now) + limit.window)
