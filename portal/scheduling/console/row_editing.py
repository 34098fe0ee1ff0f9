"""What the pages about single rows of the set-up share."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from tenants.staff.request_types import StaffRequest

SETUP_PERMISSION = "scheduling.edit"
Row = TypeVar("Row", bound=Model)


def get_row_for_edit(request: StaffRequest, rows: QuerySet[Row], pk: UUID) -> Row:
    """Return the row that a page is about; while a form is saved, nobody else changes it. Raises Http404."""
    if request.method == "POST":
        rows = rows.select_for_update(of=["self"], no_key=True)
    return get_object_or_404(rows, pk=pk)


def describe_saved(count: int) -> str:
    """Return that a change was saved, and that the appointments it would not allow any more stay."""
    text = ngettext(
        "Saved. %(number)d coming appointment stays as it is.",
        "Saved. %(number)d coming appointments stay as they are.",
        count,
    )
    return text % {"number": count}
