"""The clients in question for rows of which it isn't clear whose they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
    SELECT client.*, place, contact_kind, contact_value, candidate_count FROM (
        SELECT *, count(*) OVER (PARTITION BY place) AS candidate_count,
               row_number() OVER (PARTITION BY place ORDER BY rank, name, client_id) AS ordinal
          FROM (
            SELECT DISTINCT ON (place, client_id)
                   place, client_id, contact.kind AS contact_kind, value AS contact_value, rank, client.name
              FROM unnest(%s::int[], %s::int[], %s::text[]) AS asked (place, rank, value)
              JOIN {quote_table(Contact)} contact USING (value)
              JOIN {quote_table(Client)} client ON client.id = client_id
             WHERE contact.confirmed_at IS NOT NULL
               AND NOT client.is_demo AND client.merged_into_id IS NULL AND client.erased_at IS NULL
             ORDER BY place, client_id, rank
          ) candidate
    ) counted
      JOIN {quote_table(Client)} client ON client.id = client_id
     WHERE ordinal <= {MAX_CANDIDATES} ORDER BY place, ordinal
"""


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
    """Return the clients in question for each row that is about clients, by the row's number, in one statement.

    First come those who have its email addresses, then those who have its numbers: they may be different people.
    """
    asked = {row.number: (*row.emails, *row.phones) for row in rows if row.reason in ABOUT_CLIENTS}
    found = _find_first_candidates(list({*asked.values()}))
    return {number: found.get(values, NO_CANDIDATES) for number, values in asked.items()}


def find_rows_of_candidates(rows: Iterable[UploadRow]) -> set[int]:
    """Return the numbers of those of the rows whose client is one in question: a listed one with an address of it."""
    asked = {row.number: {(row.client_id, value) for value in (*row.emails, *row.phones)} for row in rows}
    pairs = {pair for some in asked.values() for pair in some}
    listed = Client.objects.exclude_unlisted().filter(pk__in={client_id for client_id, _value in pairs if client_id})
    contacts = Contact.objects.confirmed().filter(client__in=listed, value__in={value for _client, value in pairs})
    existing = set(contacts.values_list("client_id", "value"))
    return {number for number, some in asked.items() if some & existing}


def _find_first_candidates(asked: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], RowCandidates]:
    """Return the first candidates for each of these lists of addresses; several rows may have the same one."""
    addresses = [(place, rank, value) for place, values in enumerate(asked) for rank, value in enumerate(values)]
    if not addresses:
        return {}
    columns = [list(column) for column in zip(*addresses, strict=True)]
    found: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
    clients: Iterable[Any] = Client.objects.raw(FIRST_CANDIDATES, columns)
    for client in clients:
        found[asked[client.place]].append(client)
    return {values: _build_candidates(some) for values, some in found.items()}


def _build_candidates(clients: Sequence[Any]) -> RowCandidates:
    """Return the candidates of one row from clients with the columns of FIRST_CANDIDATES."""
    first = [
        RowCandidate(client, Identifier(ContactKind(client.contact_kind), client.contact_value).masked)
        for client in clients
    ]
    return RowCandidates(first, clients[0].candidate_count)
