"""Limits the messages that one address is sent over all businesses, whoever causes them. ADR 18 has the arithmetic.

Each address has pools of its own: for recognised browsers, attempts that staff opened, all other browsers, and notices
of businesses. What a business can cause by what it says of its clients counts for that business apart: no other one can
use it up, or learn from its own messages whose client somebody is. All other browsers share one pool, of which a
network spends no more than a share. A code for an address that nobody has counts as well, for the same reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from psycopg.types.json import Jsonb

from tenants.combined_writes import UpdateStatement, insert_all_and_upsert
from tenants.keyed_digests import KeyedDigest, derive_keyed_digest
from tenants.sliding_windows import DAY, HOUR, ShareLimit


class BudgetPool(Enum):
    """Which messages to an address share a limit."""

    RECOGNISED = "recognised"
    UNRECOGNISED = "unrecognised"
    STAFF = "staff"
    NOTICES = "notices"
    ACCESS_NOTICES = "access-notices"
    # What all businesses send together: it holds nothing back, operators are told when it is full.
    ALL_NOTICES = "all-notices"


# Each business makes browsers recognised, opens attempts and writes as it likes, so each has a limit of its own.
BUSINESS_POOLS = (BudgetPool.RECOGNISED, BudgetPool.STAFF, BudgetPool.NOTICES, BudgetPool.ACCESS_NOTICES)
NOBODY = KeyedDigest(b"", b"")


@dataclass(frozen=True)
class Spender:
    """Who causes a message: the pool it counts towards, and digests of its network and block.

    `may_use_reserve` is for browsers that sat out a wait.
    """

    pool: BudgetPool
    network: KeyedDigest = NOBODY
    block: KeyedDigest = NOBODY
    may_use_reserve: bool = False
    business_id: UUID | None = None

    @property
    def purpose(self) -> str:
        """Return the purpose of the digests by which the messages of an address are counted."""
        business = f"/{self.business_id}" if self.business_id and self.pool in BUSINESS_POOLS else ""
        return f"tenants.recipient-budget/{self.pool.value}{business}"


def spend(addresses: Iterable[KeyedDigest], spender: Spender, *rows: models.Model, now: datetime) -> bool:
    """Count a message to these addresses and insert rows, in one statement; return whether it may be sent.

    The rows are inserted in any case. A message beyond the limit of one of the addresses is not counted for that one.
    """
    digests = {derive_keyed_digest(address, spender.purpose) for address in addresses}
    return insert_all_and_upsert(_build_upsert(digests, spender, now=now), *rows) == len(digests)


# What was sent to an address under the digest key before.
_FORMER = """
SELECT jsonb_array_elements(former.sends) FROM tenants_recipientbudget AS former
 WHERE former.digest = {row}.previous_digest AND former.digest <> {row}.digest
"""
_HAS_ROOM = """NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[]) AS allowed(since, total, network, block)
     CROSS JOIN LATERAL (
        SELECT count(*) AS total,
               count(*) FILTER (WHERE send ->> 'network' = ANY(%s)) AS network,
               count(*) FILTER (WHERE send ->> 'block' = ANY(%s)) AS block
          FROM ({sends}) AS earlier(send) WHERE (send ->> 'at')::bigint > allowed.since
     ) AS used
     WHERE used.total >= allowed.total OR used.network >= allowed.network OR used.block >= allowed.block
)"""
# The row that is in the way is locked before it is judged, so concurrent messages are judged one after the other. Rows
# are inserted in the order of their digests, so that no two messages to the same two addresses block one another.
_UPSERT = f"""
INSERT INTO tenants_recipientbudget AS budget (digest, previous_digest, sends, used_at)
SELECT wanted.digest, wanted.previous_digest, %s, %s
  FROM unnest(%s::bytea[], %s::bytea[]) AS wanted(digest, previous_digest)
 WHERE {_HAS_ROOM.format(sends=_FORMER.format(row="wanted"))}
 ORDER BY wanted.digest
ON CONFLICT (digest) DO UPDATE
   SET previous_digest = excluded.previous_digest, used_at = excluded.used_at,
       sends = excluded.sends || (
           SELECT coalesce(jsonb_agg(send), '[]') FROM jsonb_array_elements(budget.sends) AS send
            WHERE (send ->> 'at')::bigint > %s
       )
 WHERE {_HAS_ROOM.format(sends=f"SELECT jsonb_array_elements(budget.sends) UNION ALL {_FORMER.format(row='excluded')}")}
"""


def _build_upsert(digests: Iterable[KeyedDigest], spender: Spender, *, now: datetime) -> UpdateStatement:
    networks, blocks = [one.hex() for one in spender.network], [one.hex() for one in spender.block]
    sends = Jsonb([{"at": _count_milliseconds(now), "network": networks[0], "block": blocks[0]}])
    current, previous = zip(*sorted(digests), strict=True)
    room: list[Any] = [*_list_limits(spender, now=now), networks, blocks]
    return _UPSERT, [sends, now, [*current], [*previous], *room, _count_milliseconds(now - DAY), *room]


def _list_limits(spender: Spender, *, now: datetime) -> tuple[list[int], ...]:
    """Return for each window its start, and how many messages all, one network and one block may have caused in it."""
    limits = [
        (_count_milliseconds(now - window), *_split_limit(ShareLimit.divide(maximum, window), spender))
        for window, maximum in (
            (HOUR, settings.RECIPIENT_MESSAGES_PER_HOUR),
            (DAY, settings.RECIPIENT_MESSAGES_PER_DAY),
        )
    ]
    return tuple(map(list, zip(*limits, strict=True)))


def _split_limit(limit: ShareLimit, spender: Spender) -> tuple[int, int, int]:
    """Return how many messages all, one network and one block may have caused, so that there is room for one more."""
    if spender.pool == BudgetPool.UNRECOGNISED:
        maximum = limit.maximum - (0 if spender.may_use_reserve else limit.reserve)
        return maximum, limit.network_share, limit.block_share
    total = limit.network_share if spender.pool == BudgetPool.NOTICES else limit.maximum
    return total, total, total


def _count_milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
