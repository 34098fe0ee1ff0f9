"""Which table is a client list, for spreadsheets and for other programs?

The headings are the ones an upload recognises, so that a list which was downloaded can be uploaded again.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client, ClientQuerySet, CustomField
from portal.clients.services.cells import inert, restored
from portal.clients.services.paging import with_rows
from tenants.staff.actor import Staff

ADDRESSES = 3  # of each kind; a fourth is in the copy of everything on one client
BATCH = 2000


def record_export(*, count: int, narrowed: list[tuple[str, str]], staff: Staff, now: datetime) -> None:
    """Put on the timeline that somebody took a copy of the list away, and what the list was `narrowed` to, in English."""
    activity.record(EventType.CLIENTS_EXPORTED, at=now, count=count, filters=narrowed, **activity.actor_fields(staff))


def write_csv(clients: ClientQuerySet, into: IO[bytes]) -> int:
    """Write clients as CSV in UTF-8, which spreadsheets recognise by its mark, and return how many."""
    into.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(into, encoding="utf-8", newline="")
    number = _write(csv.writer(text).writerow, clients, guard=inert)
    text.flush()
    text.detach()
    return number


def write_xlsx(clients: ClientQuerySet, into: IO[bytes]) -> int:
    """Write clients as an Excel workbook in which every cell is text, and return how many."""
    with tempfile.TemporaryDirectory() as place:
        options = {"constant_memory": True, "tmpdir": place}
        with xlsxwriter.Workbook(into, options) as book:
            sheet, plain = book.add_worksheet(_("Clients")), book.add_format({"quote_prefix": True})
            sheet.freeze_panes(1, 0)
            lines = iter(range(1_048_576))

            def write(row: Iterable[str]) -> None:
                line = next(lines)
                for column, cell in enumerate(row):
                    sheet.write_string(line, column, cell, plain)

            # Text runs nowhere; but an upload takes apostrophes off, so those that were there need others.
            return _write(write, clients, guard=lambda text: text if restored(text) == text else inert(text))


def _write(write: Any, clients: ClientQuerySet, *, guard: Any) -> int:
    fields = list(CustomField.objects.all())
    write([guard(heading) for heading in _headings(fields)])
    number = 0
    for number, client in enumerate(_in_order(clients), start=1):  # noqa: B007  (the last one is the count)
        write([guard(cell) for cell in _row(client, fields)])
    return number


def _in_order(clients: ClientQuerySet) -> Iterator[Client]:
    return with_rows(clients).order_by("search", "pk").iterator(chunk_size=BATCH)


def _headings(fields: list[CustomField]) -> list[str]:
    emails = [_("Email"), *(f"{_('Email')} {number}" for number in range(2, ADDRESSES + 1))]
    phones = [_("Phone"), *(f"{_('Phone')} {number}" for number in range(2, ADDRESSES + 1))]
    return [_("Name"), *emails, *phones, _("Language"), _("Tags"), _("Status"), _("Added"), *(f.name for f in fields)]


def _row(client: Any, fields: list[CustomField]) -> list[str]:
    return [
        client.name,
        *_addresses(client, "email"),
        *_addresses(client, "phone"),
        client.language,
        ", ".join(label["name"] for label in client.labels),
        client.get_status_display(),
        client.created_at.date().isoformat(),
        *(_custom(client.custom.get(str(field.pk))) for field in fields),
    ]


def _addresses(client: Any, kind: str) -> list[str]:
    values = [address["value"] for address in client.addresses if address["kind"] == kind][:ADDRESSES]
    return values + [""] * (ADDRESSES - len(values))


def _custom(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
