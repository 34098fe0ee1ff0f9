"""Write what staff did as CSV, and record the export on the timeline."""

import csv
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.activity import queries, services
from portal.activity.kinds import ActivityExportEvent
from portal.activity.presenters import PresentedEntry, present_entry
from portal.activity.queries import AuditFilter
from portal.ui.formula_escaping import escape_formula
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor

BYTE_ORDER_MARK = "\ufeff"
FILTER_LABELS = {
    "person": gettext_lazy("Person"),
    "kind": gettext_lazy("Type"),
    "client": gettext_lazy("Client"),
    "since": gettext_lazy("From"),
    "until": gettext_lazy("Until"),
}


class TextFile(Protocol):
    """Something that takes text, such as a file or a response."""

    def write(self, text: str, /) -> Any:
        """Append a text."""


def export_entries(file: TextFile, *, audit_filter: AuditFilter, staff: StaffActor, now: datetime) -> None:
    """Write the entries of staff that match to a file, EXPORT_LIMIT at most, and record that they were exported."""
    file.write(BYTE_ORDER_MARK)
    write = csv.writer(file).writerow
    write([_("When"), _("Who"), _("From"), _("What"), _("Client"), _("Details"), _("Old value"), _("New value")])
    count = 0
    for entry in queries.filter_entries(audit_filter)[: queries.EXPORT_LIMIT].iterator(chunk_size=2000):
        write([escape_formula(cell) for cell in _build_csv_row(present_entry(entry))])
        count += 1
    fields = {"count": count, "filters": describe_filter(audit_filter), **services.get_actor_fields(staff)}
    services.record_event(ActivityExportEvent.EXPORTED, at=now, **fields)


def describe_filter(audit_filter: AuditFilter) -> list[tuple[str, str]]:
    """Return the labels and values of the active filters in English, for the timeline entry of an export."""
    with translation.override("en"):
        actors = dict(queries.list_staff_actors()) if audit_filter.person else {}
        values = {
            "person": actors.get(audit_filter.person, "") if audit_filter.person else "",
            "kind": str(registry.get_event_area_labels().get(audit_filter.kind, "")),
            "client": audit_filter.client,
            "since": audit_filter.since.isoformat() if audit_filter.since else "",
            "until": audit_filter.until.isoformat() if audit_filter.until else "",
        }
        return [(str(FILTER_LABELS[name]), value) for name, value in values.items() if value]


def _build_csv_row(event: PresentedEntry) -> list[str]:
    entry = event.entry
    return [
        timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
        event.actor,
        entry.ip or "",
        event.title,
        entry.client.name if entry.client else "",
        " · ".join(event.details),
        "; ".join(f"{change.field}: {change.before}" for change in event.changes if change.before),
        "; ".join(f"{change.field}: {change.after}" for change in event.changes if change.after),
    ]
