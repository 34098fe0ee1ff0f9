"""What an entry of the timeline says to people, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.activity.models import Entry
from tenants.nouns import registry

Labels = dict[str, str | Promise]

ACTOR_LABELS: Labels = {
    Entry.Actor.CLIENT: gettext_lazy("The client"),
    Entry.Actor.STAFF: gettext_lazy("Staff"),
    Entry.Actor.SYSTEM: gettext_lazy("Portico"),
    Entry.Actor.PROVIDER: gettext_lazy("Email or text message provider"),
}


@dataclass(frozen=True)
class FieldChange:
    """One changed field: its label and its values before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class PresentedEntry:
    """The texts for one entry: title, details, actor and changed fields, in the reader's language."""

    entry: Entry
    title: str
    details: list[str]
    actor: str
    changes: list[FieldChange]


def present_entry(entry: Entry) -> PresentedEntry:
    """Return the texts that describe an entry; one of a type that no noun declares is shown with its raw type."""
    path = registry.get_event_presenter_paths().get(entry.event_type)
    presenter: EventPresenter = registry.import_dotted_path(path)() if path else EventPresenter()
    return presenter.present(entry)


class EventPresenter:
    """What the timeline entries of one noun say; each noun subclasses it with its own labels and details."""

    # What changed fields are called.
    field_labels: Labels = {"name": gettext_lazy("Name"), "language": gettext_lazy("Language")}
    # What the stored values of a field are called, by the field.
    value_labels: dict[str, Labels] = {"language": dict(settings.LANGUAGES)}

    def present(self, entry: Entry) -> PresentedEntry:
        """Return the texts that describe an entry."""
        return PresentedEntry(
            entry=entry,
            title=str(registry.get_event_type_labels().get(entry.event_type, entry.event_type)),
            details=self.list_event_details(entry.data),
            actor=entry.actor_name or str(ACTOR_LABELS.get(entry.actor, entry.actor)),
            changes=self.list_changes(entry.data),
        )

    def list_event_details(self, data: dict[str, Any]) -> list[str]:
        """Return what an entry's data says besides its event type, in the order in which people read it."""
        return [detail for detail in self.iter_details(data) if isinstance(detail, str) and detail]

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield what the data of this noun's events says; what is no text or empty is left out."""
        yield from ()

    def list_changes(self, data: dict[str, Any]) -> list[FieldChange]:
        """Return the fields whose value changed; each field once, in the order in which they were recorded.

        A new row has nothing before, a deleted one nothing after.
        """
        before, after = (data.get(side) or {} for side in ("before", "after"))
        if not isinstance(before, dict) or not isinstance(after, dict):
            return []
        fields = [field for field in {**before, **after} if before.get(field) != after.get(field)]
        return [self.present_change(field, before.get(field), after.get(field)) for field in fields]

    def present_change(self, field: str, before: Any, after: Any) -> FieldChange:
        """Return the texts for one changed field."""
        return FieldChange(self.field_label(field), self.format_value(field, before), self.format_value(field, after))

    def field_label(self, field: str) -> str:
        """Return what a field is called, or its name where it has no label."""
        return str(self.field_labels.get(field, field))

    def format_value(self, field: str, value: Any) -> str:
        """Return a field's value as text; empty for None."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(str(item) for item in value)
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), pgettext("date format", "j F Y"))
        labels = self.value_labels.get(field, {})
        return "" if value is None else str(labels.get(str(value), value))


class ActivityEventPresenter(EventPresenter):
    """Says what was exported from the Activity page."""

    def iter_details(self, data: dict[str, Any]) -> Iterator[str]:
        """Yield the number of exported rows, and the filters."""
        yield from iter_export_details(data)


def iter_export_details(data: dict[str, Any]) -> Iterator[str]:
    """Yield how many rows an export has, and its filters, which are stored in English."""
    count = data.get("count")
    if isinstance(count, int):
        yield ngettext("%(number)s row", "%(number)s rows", count) % {"number": count}
    yield from (f"{_(label)}: {_(value)}" for label, value in data.get("filters", []) if label and value)
