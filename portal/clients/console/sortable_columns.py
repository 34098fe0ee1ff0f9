"""The columns that the client list can be sorted by, as its templates show them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.clients.list_filters import Label
from portal.clients.list_query import ListQuery


@dataclass(frozen=True)
class SortableColumn:
    """A column the list can be sorted by: the query string of its heading and its current direction, if any."""

    name: str
    label: Label
    query_string: str
    direction: str

    @property
    def direction_icon(self) -> str:
        """The icon of the column's direction; empty where the list is not sorted by it."""
        return {"ascending": "chevron-up", "descending": "chevron-down"}.get(self.direction, "")


def build_sortable_columns(query: ListQuery) -> list[SortableColumn]:
    """Return the columns that the list can be sorted by."""
    labels = {"name": _("Name"), "seen": _("Last sign-in"), "added": _("Added")}
    return [
        SortableColumn(name, label, query.build_sort_query_string(name), _sort_direction(query.sort, name))
        for name, label in labels.items()
    ]


def _sort_direction(sort: str, name: str) -> str:
    if sort.lstrip("-") != name:
        return ""
    return "descending" if sort.startswith("-") else "ascending"
