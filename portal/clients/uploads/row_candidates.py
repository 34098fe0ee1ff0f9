"""The clients in question for rows of which it isn't clear whose they are."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind
from portal.clients.uploads.models import UploadRow
from tenants.raw_sql import quote_table

# The reasons for which clients are in question.
ABOUT_CLIENTS = ("other-name", "several-cards")
# Thousands of clients may have one switchboard.
MAX_CANDIDATES = 10
# Each client has the first of the addresses that is theirs. The conditions are those of `exclude_unlisted()`.
FIRST_CANDIDATES = f"""
    SELECT place, client_id, kind, value, total FROM (
        SELECT *, count(*) OVER (PARTITION BY place) AS total,
               row_number() OVER (PARTITION BY place ORDER BY rank, name, client_id) AS ordinal
          FROM (
            SELECT DISTINCT ON (place, client_id) place, client_id, kind, value, rank, name
              FROM unnest(%s::int[], %s::int[], %s::text[]) AS asked (place, rank, value)
              JOIN {quote_table(Contact)} contact USING (value)
              JOIN {quote_table(Client)} client ON client.id = client_id
             WHERE contact.confirmed_at IS NOT NULL
               AND NOT client.is_demo AND client.merged_into_id IS NULL AND client.erased_at IS NULL
             ORDER BY place, client_id, rank
          ) candidate
    ) counted WHERE ordinal <= {MAX_CANDIDATES} ORDER BY place, ordinal
"""
# The client, the kind and the value of an address of theirs, and how many clients have one.
FoundCandidate = tuple[uuid.UUID, str, str, int]


@dataclass(frozen=True)
class RowCandidate:
    """A client who has an address of a row and may be meant; `masked` is that address."""

    client: Client
    masked: str


@dataclass(frozen=True)
class RowCandidates:
    """The first clients in question for a row, MAX_CANDIDATES at most, and how many there are altogether."""

    first: Sequence[RowCandidate] = ()
    total: int = 0

    @property
    def further_count(self) -> int:
        """Return how many clients are in question beside the first ones."""
        return self.total - len(self.first)


NO_CANDIDATES = RowCandidates()


def find_candidates(rows: Iterable[UploadRow]) -> dict[int, RowCandidates]:
    """Return the clients in question for each row that is about clients, by the row's number, in two statements.

    First come those who have its email addresses, then those who have its numbers: they may be different people.
    """
    asked = {row.number: (*row.emails, *row.phones) for row in rows if row.reason in ABOUT_CLIENTS}
    found = _find_first_candidates(list({*asked.values()}))
    clients = Client.objects.in_bulk({client_id for some in found.values() for client_id, *_address in some})
    return {number: _build_candidates(found.get(values, []), clients) for number, values in asked.items()}


def find_rows_of_candidates(rows: Iterable[UploadRow]) -> set[int]:
    """Return the numbers of those of the rows whose client is one in question: a listed one with an address of it."""
    asked = {row.number: {(row.client_id, value) for value in (*row.emails, *row.phones)} for row in rows}
    pairs = {pair for some in asked.values() for pair in some}
    listed = Client.objects.exclude_unlisted().filter(pk__in={client_id for client_id, _value in pairs if client_id})
    contacts = Contact.objects.confirmed().filter(client__in=listed, value__in={value for _client, value in pairs})
    existing = set(contacts.values_list("client_id", "value"))
    return {number for number, some in asked.items() if some & existing}


def _find_first_candidates(asked: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[FoundCandidate]]:
    """Return the first candidates for each of these lists of addresses; several rows may have the same one."""
    addresses = [(place, rank, value) for place, values in enumerate(asked) for rank, value in enumerate(values)]
    if not addresses:
        return {}
    found: dict[tuple[str, ...], list[FoundCandidate]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_CANDIDATES, [list(column) for column in zip(*addresses, strict=True)])
        for place, *candidate in cursor.fetchall():
            found.setdefault(asked[place], []).append(tuple(candidate))
    return found


def _build_candidates(found: Sequence[FoundCandidate], clients: dict[uuid.UUID, Client]) -> RowCandidates:
    first = [
        RowCandidate(clients[client_id], Identifier(ContactKind(kind), value).masked)
        for client_id, kind, value, _total in found
        if client_id in clients
    ]
    return RowCandidates(first, found[0][-1] if found else 0)
