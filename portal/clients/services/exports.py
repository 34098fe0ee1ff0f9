"""Export of the client list as CSV or Excel.

The headings are those an upload recognises, so that an exported list can be uploaded again.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientQuerySet, CustomField
from portal.clients.services.pagination import annotate_addresses_and_tags
from portal.ui.formula_escaping import escape_formula, unescape_formula
from tenants.staff.staff_actor import StaffActor

# An export larger than this, in bytes, is put together on disk.
MAX_IN_MEMORY = 2**20
MAX_ADDRESSES_PER_KIND = 3  # further ones are in the export of a single client
BATCH = 2000
# The content types of the files, by their extension.
LIST_EXPORT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def record_export(*, count: int, filters: list[tuple[str, str]], staff: StaffActor, now: datetime) -> None:
    """Record an export of the list on the timeline, with the label and value of each filter in English."""
    activity.record_event(
        ClientEvent.LIST_EXPORTED, at=now, count=count, filters=filters, **activity.get_actor_fields(staff)
    )


def open_list_export(
    clients: ClientQuerySet, *, file_type: str, filters: list[tuple[str, str]], staff: StaffActor, now: datetime
) -> IO[bytes]:
    """Return a file with clients, a CSV or a workbook (`xlsx`), complete and at its start. It is recorded.

    It is not streamed: by then the connection would be in another business's schema.
    """
    write = write_xlsx if file_type == "xlsx" else write_csv
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY))
        record_export(count=write(clients, file), filters=filters, staff=staff, now=now)
        file.seek(0)
        stack.pop_all()  # Whoever asked for it closes it.
    return file


def write_csv(clients: ClientQuerySet, into: IO[bytes]) -> int:
    """Write clients as CSV in UTF-8 with a byte order mark, which Excel needs; return how many."""
    into.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(into, encoding="utf-8", newline="")
    number = _write_rows(csv.writer(text).writerow, clients, escape=escape_formula)
    text.flush()
    text.detach()
    return number


def write_xlsx(clients: ClientQuerySet, into: IO[bytes]) -> int:
    """Write clients as an Excel workbook in which every cell is text; return how many."""
    with tempfile.TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(into, options) as book:
            sheet, plain = book.add_worksheet(_("Clients")), book.add_format({"quote_prefix": True})
            sheet.freeze_panes(1, 0)
            row_indexes = iter(range(1_048_576))

            def write_row(row: Iterable[str]) -> None:
                row_index = next(row_indexes)
                for column, cell in enumerate(row):
                    sheet.write_string(row_index, column, cell, plain)

            # Text cells are never run. But an upload unescapes, so a text that looks escaped has to be escaped again.
            return _write_rows(
                write_row, clients, escape=lambda text: text if unescape_formula(text) == text else escape_formula(text)
            )


def _write_rows(write_row: Any, clients: ClientQuerySet, *, escape: Any) -> int:
    fields = list(CustomField.objects.all())
    write_row([escape(heading) for heading in _list_column_headings(fields)])
    number = 0
    for number, client in enumerate(_iter_sorted_clients(clients), start=1):  # noqa: B007  (the last one is the count)
        write_row([escape(cell) for cell in _build_export_row(client, fields)])
    return number


def _iter_sorted_clients(clients: ClientQuerySet) -> Iterator[Client]:
    return annotate_addresses_and_tags(clients).order_by("search", "pk").iterator(chunk_size=BATCH)


def _list_column_headings(fields: list[CustomField]) -> list[str]:
    emails = [_("Email"), *(f"{_('Email')} {number}" for number in range(2, MAX_ADDRESSES_PER_KIND + 1))]
    phones = [_("Phone"), *(f"{_('Phone')} {number}" for number in range(2, MAX_ADDRESSES_PER_KIND + 1))]
    return [_("Name"), *emails, *phones, _("Language"), _("Tags"), _("Status"), _("Added"), *(f.name for f in fields)]


def _build_export_row(client: Any, fields: list[CustomField]) -> list[str]:
    return [
        client.name,
        *_pad_addresses(client, "email"),
        *_pad_addresses(client, "phone"),
        client.language,
        ", ".join(label["name"] for label in client.labels),
        client.get_status_display(),
        client.created_at.date().isoformat(),
        *(_format_custom_value(client.custom.get(str(field.pk))) for field in fields),
    ]


def _pad_addresses(client: Any, kind: str) -> list[str]:
    values = [address["value"] for address in client.addresses if address["kind"] == kind][:MAX_ADDRESSES_PER_KIND]
    return values + [""] * (MAX_ADDRESSES_PER_KIND - len(values))


def _format_custom_value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
