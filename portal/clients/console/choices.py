"""What can be chosen above the list, and what is chosen now?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.clients.console.asking import FILTERABLE, Asked
from portal.clients.models import Client, CustomField, Tag
from portal.clients.services import Question

Words = str | Promise
YES_NO: Sequence[tuple[str, Words]] = [("", _("Either")), ("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class Choice:
    """One filter: its name in the address, what it is called, what can be chosen and what is."""

    name: str
    label: Words
    options: Sequence[tuple[str, Words]]
    value: str


@dataclass(frozen=True)
class Column:
    """One column of the list that can be sorted by: where its heading leads and how it is sorted now."""

    name: str
    label: Words
    query: str
    direction: str


def filters(question: Question, *, tags: Iterable[Tag], fields: Iterable[CustomField]) -> list[Choice]:
    """Return the filters of the list as they are set."""
    statuses: list[tuple[str, Words]] = [
        ("", _("Active and blocked")),
        *Client.Status.choices,
        ("all", _("All, archived too")),
    ]
    labels: list[tuple[str, Words]] = [("", _("Any")), *((str(tag.pk), tag.name) for tag in tags)]
    fixed = [
        Choice("status", _("Status"), statuses, question.status),
        Choice("tag", _("Tag"), labels, str(next(iter(question.tags), ""))),
        Choice("source", _("Came by"), [("", _("Any way")), *Client.Source.choices], question.source),
        Choice("can", _("Can sign in"), YES_NO, question.sign_in),
        Choice("mobile", _("Has a mobile"), YES_NO, question.mobile),
        Choice("seen", _("Last sign-in"), SEEN, question.seen),
    ]
    own = [_own(field, question.custom.get(str(field.pk))) for field in fields if field.kind in FILTERABLE]
    return [choice for choice in (*fixed, *own) if len(choice.options) > 1]


SEEN: Sequence[tuple[str, Words]] = [
    ("", _("Any time")),
    ("week", _("Within 7 days")),
    ("month", _("Within 30 days")),
    ("quarter", _("Within 90 days")),
    ("long-ago", _("More than 90 days ago")),
    ("never", _("Never")),
]


def columns(asked: Asked) -> list[Column]:
    """Return the columns that the list can be sorted by."""
    named = {"name": _("Name"), "seen": _("Last sign-in"), "added": _("Added")}
    return [Column(name, label, asked.sorted_by(name), _direction(asked.order, name)) for name, label in named.items()]


def _direction(order: str, name: str) -> str:
    if order.lstrip("-") != name:
        return ""
    return "descending" if order.startswith("-") else "ascending"


def _own(field: CustomField, value: str | bool | None) -> Choice:
    if field.kind == CustomField.Kind.YES_NO:
        return Choice(f"f-{field.pk}", field.name, YES_NO, {True: "yes", False: "no"}.get(value, ""))  # type: ignore[arg-type]
    options = [("", _("Any")), *((choice, choice) for choice in field.choices)]
    return Choice(f"f-{field.pk}", field.name, options, str(value or ""))
