"""Finding the client cards that have the addresses of upload rows, thousands of rows in a few statements."""

import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from portal.clients.models import Client, Contact
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow
from tenants.raw_sql import quote_table

ClientsByAddress = dict[str, set[uuid.UUID]]

CONTACTS_BY_ADDRESS = f"""
    SELECT value, client_id, confirmed_at IS NOT NULL FROM {quote_table(Contact)} WHERE value = ANY(ARRAY(
        SELECT unnest(emails || phones) FROM {quote_table(UploadRow)}
         WHERE upload_id = %(upload)s AND number BETWEEN %(first)s AND %(last)s AND outcome IN ('new', 'known')
    ))
"""


class CardMatches(NamedTuple):
    """The keys of the listed clients who have the email addresses and the phone numbers of one row."""

    by_email: list[uuid.UUID]
    by_phone: list[uuid.UUID]

    @property
    def deciding(self) -> list[uuid.UUID]:
        """Return those who have an email address, else those who have a phone number."""
        return self.by_email or self.by_phone


@dataclass(frozen=True)
class AddressMatches:
    """The clients that match rows, by row number, and the rows' addresses that are unconfirmed on some card."""

    cards_by_row: dict[int, CardMatches] = field(default_factory=dict)
    unconfirmed_values: set[str] = field(default_factory=set)


def find_matches(upload: Upload, first: int, last: int) -> AddressMatches:
    """Return what matches the new and known rows of a range. Only confirmed addresses match."""
    contacts = _find_contacts(upload, first, last)
    unconfirmed = {value for value, _key, is_confirmed in contacts if not is_confirmed}
    clients_by_address = _group_by_address([(value, key) for value, key, is_confirmed in contacts if is_confirmed])
    if not clients_by_address:
        return AddressMatches(unconfirmed_values=unconfirmed)
    open_rows = upload.rows.filter(number__range=(first, last), outcome__in=(RowOutcome.NEW, RowOutcome.KNOWN))
    hits = {
        number: CardMatches(_collect_clients(emails, clients_by_address), _collect_clients(phones, clients_by_address))
        for number, emails, phones in open_rows.values_list("number", "emails", "phones")
    }
    return AddressMatches({number: cards for number, cards in hits.items() if cards.deciding}, unconfirmed)


def _find_contacts(upload: Upload, first: int, last: int) -> list[tuple[str, uuid.UUID, bool]]:
    """Return the value, the client and whether it is confirmed, of each contact with an address of these rows.

    The table's statistics are out of date while an upload fills it. A sequential scan, which PostgreSQL might choose,
    can take a minute, so the index is enforced.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        cursor.execute(CONTACTS_BY_ADDRESS, {"upload": upload.pk, "first": first, "last": last})
        contacts = cursor.fetchall()
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    return contacts


def _group_by_address(pairs: list[tuple[str, uuid.UUID]]) -> ClientsByAddress:
    """Return the listed clients of each address."""
    listed = set(
        Client.objects.exclude_unlisted().filter(pk__in={key for _value, key in pairs}).values_list("pk", flat=True)
    )
    clients_by_address: ClientsByAddress = {}
    for value, key in pairs:
        if key in listed:
            clients_by_address.setdefault(value, set()).add(key)
    return clients_by_address


def _collect_clients(values: list[str], clients_by_address: ClientsByAddress) -> list[uuid.UUID]:
    return sorted({key for value in values for key in clients_by_address.get(value, ())})
