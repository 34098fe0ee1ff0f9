"""The filters of the client list, as its page shows them and its exports record them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.clients.models import CHOICE_KINDS, ClientStatus, CustomField, CustomFieldKind, Tag
from portal.clients.services import SearchQuery
from tenants.nouns import registry

Label = str | Promise
YES_NO_OPTIONS: Sequence[tuple[str, Label]] = [("", _("Either")), ("yes", _("Yes")), ("no", _("No"))]
LAST_SIGN_IN_OPTIONS: Sequence[tuple[str, Label]] = [
    ("", _("Any time")),
    ("week", _("Within 7 days")),
    ("month", _("Within 30 days")),
    ("quarter", _("Within 90 days")),
    ("long-ago", _("More than 90 days ago")),
    ("never", _("Never")),
]


@dataclass(frozen=True)
class ListFilter:
    """One filter: its query parameter, label, options and current value."""

    name: str
    label: Label
    options: Sequence[tuple[str, Label]]
    value: str


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


def describe_search(search: SearchQuery, fields: list[CustomField]) -> list[tuple[str, str]]:
    """Return the label and value of each filter of a search, in English, for the timeline."""
    with translation.override("en"):
        list_filters = build_list_filters(search, tags=Tag.objects.all(), fields=fields)
        descriptions = [
            (str(each.label), str(dict(each.options).get(each.value, each.value)))
            for each in list_filters
            if each.value
        ]
    return [(gettext_noop("Search"), search.text), *descriptions] if search.text else descriptions


def _build_custom_list_filter(field: CustomField, value: str | bool | None) -> ListFilter:
    name = f"f-{field.pk}"
    if field.kind == CustomFieldKind.YES_NO:
        return ListFilter(name, field.name, YES_NO_OPTIONS, "" if value is None else "yes" if value else "no")
    options: list[tuple[str, Label]] = [("", _("Any")), *((choice, choice) for choice in field.choices)]
    return ListFilter(name, field.name, options, str(value or ""))
