"""The texts that explain why a file, a mapping or a row was refused."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FILE_ERRORS = {
    "empty": _("There are no rows in this file."),
    "too-big": _("This file is larger than 50 MB. Split the list in two."),
    "too-long": _("This list has more than 100,000 rows. Split it in two."),
    "too-wide": _("This list has more than 100 columns. Is the separator right?"),
    "unsupported-file": _("This is not a list of rows. Save it as CSV or as an Excel workbook (.xlsx)."),
    "old-excel": _("This is a workbook of an old Excel. Open it and save it as .xlsx or CSV."),
    "markup": _("This is a web page or a drawing, even if its name says otherwise. Save the list as CSV or .xlsx."),
    "broken-workbook": _("This workbook can’t be opened. Open it in Excel, save it again and upload that."),
    "bomb": _("This workbook unpacks to far more than a list can hold, so we did not open it."),
}
MAPPING_ERRORS = {
    "no-name-column": _("Say which column holds the name."),
    "no-address-column": _("Say which column holds email addresses or phone numbers. They are how clients sign in."),
    "column-twice": _("Only email, phone, tags and notes may stand over several columns."),
}
ROW_ERRORS = {
    "too-many-cells": _("more cells than headings: a separator inside a cell?"),
    "unreadable": _("signs that can’t be read: the wrong encoding?"),
    "no-address": _("neither email nor phone"),
    "no-name": _("no name"),
    "name-too-long": _("a name longer than 160 letters"),
    "tag-too-long": _("a tag longer than 40 letters"),
    "bad-email": _("not an email address"),
    "bad-phone": _("not a phone number"),
    "bad-language": _("a language the portal does not speak"),
    "bad-value": _("not a value this field takes"),
    "several-cards": _("several clients have this address"),
    "same-card": _("the same client as in row"),
    "same-person": _("the same person as in row"),
    "same-address": _("another name with the same address as in row"),
}


def file_error_text(reason: str) -> str:
    """Return why a file was refused."""
    return str(FILE_ERRORS.get(reason, FILE_ERRORS["unsupported-file"]))


def row_error_text(reason: str, detail: str) -> str:
    """Return why a row failed, with the detail if there is one: `not a phone number: 0171`."""
    if not reason:
        return ""
    text = str(ROW_ERRORS.get(reason, reason))
    if not detail:
        return text
    if reason in ("same-card", "same-person", "same-address"):
        return f"{text} {detail}"
    return gettext("%(reason)s: %(about)s") % {"reason": text, "about": detail}
