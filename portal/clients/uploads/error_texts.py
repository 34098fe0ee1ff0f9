"""The texts that explain why a file, a mapping or a row was refused."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients.models import MAX_TAG_LENGTH
from portal.clients.uploads.file_rows import MAX_COLUMNS, MAX_ROWS
from portal.clients.uploads.row_parsing import MAX_NAME_LENGTH
from portal.clients.uploads.upload_files import UnsupportedFile
from portal.ui.formatting import format_count, format_megabytes
from tenants.limits import CLIENT_LIST_BYTES
from tenants.sandbox.slots import SandboxBusy

FILE_ERRORS = {
    "empty": _("This file is empty."),
    "too-big": _("This file is larger than %(size)s. Split it into two files."),
    "too-long": _("This list has more than %(rows)s rows. Split it into two files."),
    "too-wide": _("This list has more than %(columns)s columns. Is the separator right?"),
    "unsupported-file": _("This file is not a table. Save the list as CSV or as an Excel workbook (.xlsx)."),
    "old-excel": _("This is a workbook in the old Excel format. Open it and save it as .xlsx or CSV."),
    "markup": _("This is a web page or an image, despite its name. Save the list as CSV or .xlsx."),
    "broken-workbook": _("This workbook can’t be opened. Open it in Excel, save it and upload it again."),
    "bomb": _("This workbook is too large to open. Save the list as CSV and upload that."),
    "check-failed": _(
        "We could not process this list: the same error occurred again and again, and we have been alerted. "
        "Save the list as CSV and upload it again, or discard it and contact support."
    ),
    "changed": _("This file was changed or deleted while it was read. Try again, or upload the list once more."),
    "busy": _("Many files are being opened right now. Try again in a minute."),
}
MAPPING_ERRORS = {
    "no-name-column": _("Select the column with the name."),
    "no-address-column": _("Select a column with email addresses or phone numbers. Clients need one to sign in."),
    "column-twice": _("Only email, phone, labels, tags and notes can be used for several columns."),
}
ROW_ERRORS = {
    "too-many-cells": _("more cells than headings: a separator inside a cell?"),
    "unreadable": _("unreadable characters: wrong encoding?"),
    "no-address": _("neither email nor phone"),
    "no-name": _("no name"),
    "name-too-long": _("a name longer than %(limit)s characters"),
    "tag-too-long": _("a tag longer than %(limit)s characters"),
    "bad-email": _("not an email address"),
    "bad-phone": _("not a phone number"),
    "unknown-label": _("a label that does not say whose number or mailbox this is"),
    "shortened-phone": _("a phone number that Excel has shortened; format the column as text"),
    "bad-language": _("a language that is not available"),
    "bad-value": _("not a valid value for this field"),
    "other-name": _("a different name for an address of a client"),
    "several-cards": _("several clients share this address"),
    "same-card": _("same client as in row"),
    "same-person": _("same person as in row"),
    "answered-same": _("same person as in row"),
    "same-name": _("perhaps somebody else of the same name as in row"),
    "same-address": _("a different name for the same address as in row"),
    "erased": _("this person was erased"),
}
LENGTH_LIMITS = {"name-too-long": MAX_NAME_LENGTH, "tag-too-long": MAX_TAG_LENGTH}


# The reasons whose detail is the number of another row.
ABOUT_ROWS = ("same-card", "same-person", "answered-same", "same-name", "same-address")


def explain_file_error(reason: str) -> str:
    """Return why a file was refused."""
    return str(FILE_ERRORS.get(reason, FILE_ERRORS["unsupported-file"])) % format_list_limits()


def format_list_limits() -> dict[str, str]:
    """Return how large a list may be, for sentences that say so."""
    size = format_megabytes(CLIENT_LIST_BYTES)
    return {"size": size, "rows": format_count(MAX_ROWS), "columns": format_count(MAX_COLUMNS)}


def explain_reading_error(error: UnsupportedFile | SandboxBusy) -> str:
    """Return why a file was refused, or can't be opened right now."""
    return explain_file_error("busy" if isinstance(error, SandboxBusy) else str(error))


def explain_row_error(reason: str, detail: str) -> str:
    """Return why a row failed, with the detail if there is one: `not a phone number: 0171`."""
    if not reason:
        return ""
    text = str(ROW_ERRORS.get(reason, reason))
    if reason in LENGTH_LIMITS:
        text %= {"limit": format_count(LENGTH_LIMITS[reason])}
    if not detail:
        return text
    if reason in ABOUT_ROWS:
        return f"{text} {detail}"
    return gettext("%(reason)s: %(about)s") % {"reason": text, "about": detail}
