"""Limits the messages that one address is sent over all businesses, whoever causes them. ADR 18 has the arithmetic.

Each address has pools of its own: for recognised browsers, attempts that staff opened, all other browsers, and notices
of businesses. What a business can cause by what it says of its clients counts for that business apart: no other one can
use it up, or learn from its own messages whose client somebody is. All other browsers share one pool, of which a
network spends no more than a share, and so do notices to addresses that strangers typed. A code for an address that
nobody has counts as well, for the same reason.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.db import models
from psycopg.types.json import Jsonb

from tenants.combined_writes import UpdateStatement, build_condition, insert_all_and_count_changes
from tenants.keyed_digests import KeyedDigest, derive_keyed_digest
from tenants.sliding_windows import DAY, HOUR, ShareLimit


class BudgetPool(Enum):
    """Which messages to an address share a limit."""

    RECOGNISED = "recognised"
    UNRECOGNISED = "unrecognised"
    STAFF = "staff"
    NOTICES = "notices"
    # Notices to an address that somebody typed who had not signed in, so it may be anybody's.
    TYPED_ADDRESS_NOTICES = "typed-address-notices"
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
    [counted] = insert_all_and_count_changes([_build_upsert(digests, spender, now=now)], *rows)
    return counted == len(digests)


def spend_in_turn(address: KeyedDigest, *spenders: Spender, then: UpdateStatement, now: datetime) -> list[bool]:
    """Count a message for each spender, up to the first that has no room, and update a row if there was room for one.

    All is one statement. Returns for each spender whether the message was counted, then whether the row was updated.
    """
    upserts = [
        _build_upsert(
            [derive_keyed_digest(address, spender.purpose)],
            spender,
            condition=build_condition(after=number - 1) if number else "TRUE",
            now=now,
        )
        for number, spender in enumerate(spenders)
    ]
    sql, values = then
    update = f"{sql} AND {build_condition(after=0)}", values
    return [changed == 1 for changed in insert_all_and_count_changes([*upserts, update])]


# What was sent to an address under the digest key before.
_FORMER = """
SELECT jsonb_array_elements(former.sends) FROM tenants_recipientbudget AS former
 WHERE former.digest = {row}.previous_digest AND former.digest <> {row}.digest
"""
_HAS_ROOM = """(
    SELECT count(*) < %s AND count(*) FILTER (WHERE is_late) < %s
      FROM (
        SELECT (send ->> 'at')::bigint > %s AS is_late FROM ({sends}) AS sent(send) WHERE (send ->> 'at')::bigint > %s
      ) AS within_a_day
)"""
_HAS_ROOM_FOR_NETWORK = """(
    SELECT count(*) < %s AND count(*) FILTER (WHERE of_network) < %s AND count(*) FILTER (WHERE of_block) < %s
       AND count(*) FILTER (WHERE is_late) < %s AND count(*) FILTER (WHERE is_late AND of_network) < %s
       AND count(*) FILTER (WHERE is_late AND of_block) < %s
      FROM (
        SELECT send ->> 'network' IN (%s, %s) AS of_network, send ->> 'block' IN (%s, %s) AS of_block,
               (send ->> 'at')::bigint > %s AS is_late
          FROM ({sends}) AS sent(send) WHERE (send ->> 'at')::bigint > %s
      ) AS within_a_day
)"""
# The row that is in the way is locked before it is judged, so concurrent messages are judged one after the other. Rows
# are inserted in the order of their digests, so that no two messages to the same two addresses block one another.
_UPSERT = """
INSERT INTO tenants_recipientbudget AS budget (digest, previous_digest, sends, used_at)
SELECT wanted.digest, wanted.previous_digest, %s, %s
  FROM unnest(%s::bytea[], %s::bytea[]) AS wanted(digest, previous_digest)
 WHERE {condition} AND {may_insert}
ON CONFLICT (digest) DO UPDATE
   SET previous_digest = excluded.previous_digest, used_at = excluded.used_at,
       sends = excluded.sends || jsonb_path_query_array(
           budget.sends, '$[*] ? (@.at > $since)', jsonb_build_object('since', %s::bigint)
       )
 WHERE {condition} AND {may_update}
"""


def _build_upsert(
    digests: Collection[KeyedDigest], spender: Spender, *, condition: str = "TRUE", now: datetime
) -> UpdateStatement:
    has_room, limits = _build_limits(spender, now=now)
    sends = "SELECT jsonb_array_elements(budget.sends)"
    may_insert, insert_limits = "TRUE", []
    # Only while a digest key is being replaced: the planner takes as long for this as for all the rest.
    if any(digest.current != digest.previous for digest in digests):
        sends = f"{sends} UNION ALL {_FORMER.format(row='excluded')}"
        may_insert, insert_limits = has_room.format(sends=_FORMER.format(row="wanted")), limits
    sql = _UPSERT.format(
        condition=condition,
        may_insert=may_insert,
        may_update=has_room.format(sends=sends),
    )
    send = {"at": _count_milliseconds(now), "network": spender.network[0].hex(), "block": spender.block[0].hex()}
    since = _count_milliseconds(now - DAY)
    current, previous = zip(*sorted(digests), strict=True)
    return sql, [Jsonb([send]), now, [*current], [*previous], *insert_limits, since, *limits]


def _build_limits(spender: Spender, *, now: datetime) -> tuple[str, list[int | str]]:
    """Return the condition that there is room for one more message, and its parameters."""
    day = ShareLimit.divide(settings.RECIPIENT_MESSAGES_PER_DAY, DAY)
    hour = ShareLimit.divide(settings.RECIPIENT_MESSAGES_PER_HOUR, HOUR)
    since = [_count_milliseconds(now - HOUR), _count_milliseconds(now - DAY)]
    if spender.pool == BudgetPool.UNRECOGNISED:
        networks, blocks = [one.hex() for one in spender.network], [one.hex() for one in spender.block]
        shares = [share for limit in (day, hour) for share in _split_limit(limit, spender)]
        return _HAS_ROOM_FOR_NETWORK, [*shares, *networks, *blocks, *since]
    totals = [limit.network_share if spender.pool == BudgetPool.NOTICES else limit.maximum for limit in (day, hour)]
    return _HAS_ROOM, [*totals, *since]


def _split_limit(limit: ShareLimit, spender: Spender) -> tuple[int, int, int]:
    """Return how many messages all browsers, those of one network and those of one block may cause."""
    maximum = limit.maximum - (0 if spender.may_use_reserve else limit.reserve)
    return maximum, limit.network_share, limit.block_share


def _count_milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
