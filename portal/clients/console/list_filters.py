"""The filters and sortable columns of the client list, as its templates show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.clients.console.list_query import ListQuery
from portal.clients.forms import CHOICE_KINDS, build_choice_field
from portal.clients.models import ClientStatus, CustomField, CustomFieldKind, Tag
from portal.clients.services import SearchQuery
from tenants.nouns import registry

Label = str | Promise
YES_NO_OPTIONS: Sequence[tuple[str, Label]] = [("", _("Either")), ("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class ListFilter:
    """One filter: its query parameter, label, options and current value."""

    name: str
    label: Label
    options: Sequence[tuple[str, Label]]
    value: str


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


def build_list_filters(search: SearchQuery, *, tags: Iterable[Tag], fields: Iterable[CustomField]) -> list[ListFilter]:
    """Return the filters that have something to choose from, with their current values."""
    statuses: list[tuple[str, Label]] = [
        ("", _("Active and blocked")),
        *ClientStatus.choices,
        ("all", _("All, including archived")),
    ]
    labels: list[tuple[str, Label]] = [("", _("Any")), *((str(tag.pk), tag.name) for tag in tags)]
    fixed = [
        ListFilter("status", _("Status"), statuses, search.status),
        ListFilter("tag", _("Tag"), labels, str(next(iter(search.tags), ""))),
        ListFilter(
            "source", _("Source"), [("", _("Any")), *registry.get_client_source_labels().items()], search.source
        ),
        ListFilter("can", _("Can sign in"), YES_NO_OPTIONS, search.can_sign_in),
        ListFilter("mobile", _("Has a mobile"), YES_NO_OPTIONS, search.has_mobile),
        ListFilter("seen", _("Last sign-in"), LAST_SIGN_IN_OPTIONS, search.last_sign_in),
    ]
    filterable = [field for field in fields if field.kind in CHOICE_KINDS]
    custom = [_build_custom_list_filter(field, search.custom.get(str(field.pk))) for field in filterable]
    return [each for each in (*fixed, *custom) if len(each.options) > 1]


LAST_SIGN_IN_OPTIONS: Sequence[tuple[str, Label]] = [
    ("", _("Any time")),
    ("week", _("Within 7 days")),
    ("month", _("Within 30 days")),
    ("quarter", _("Within 90 days")),
    ("long-ago", _("More than 90 days ago")),
    ("never", _("Never")),
]


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


def _build_custom_list_filter(field: CustomField, value: str | bool | None) -> ListFilter:
    empty_label = _("Either") if field.kind == CustomFieldKind.YES_NO else _("Any")
    form_field = build_choice_field(field, required=False, empty_label=empty_label)
    options: Any = form_field.choices
    return ListFilter(f"f-{field.pk}", field.name, list(options), str(form_field.prepare_value(value) or ""))
