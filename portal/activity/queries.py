"""The audit log of staff: timeline entries of members of staff, filtered by person, kind, client and day."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from portal.activity.models import Entry
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from portal.ui.text_folding import fold_text

# The order in which pages show entries.
NEWEST_FIRST = Keyset({"at": parse_cursor_instant, "pk": parse_cursor_key})
# An export holds this many entries at most; the oldest are left out.
EXPORT_LIMIT = 50_000


@dataclass(frozen=True)
class AuditFilter:
    """The filter of the activity page; an empty field filters nothing."""

    person: uuid.UUID | None = None
    kind: str = ""
    client: str = ""
    since: date | None = None
    until: date | None = None


def filter_entries(audit_filter: AuditFilter) -> QuerySet[Entry]:
    """Return the entries of staff that match, newest first, without those about demo clients."""
    entries = Entry.objects.exclude_demo().filter(actor=Entry.Actor.STAFF, **_build_entry_conditions(audit_filter))
    if audit_filter.client:
        entries = entries.filter(client__search__contains=fold_text(audit_filter.client))
    return entries.select_related("client").order_by("-at", "-pk")


def list_staff_actors() -> list[tuple[uuid.UUID, str]]:
    """Return the key and latest name of every person who ever acted as staff here, including those who left."""
    acted = Entry.objects.filter(actor=Entry.Actor.STAFF, actor_id__isnull=False).order_by("actor_id", "-at")
    names = acted.distinct("actor_id").values_list("actor_id", "actor_name")
    return sorted(((pk, name) for pk, name in names if pk), key=lambda person: person[1].casefold())


def _build_entry_conditions(audit_filter: AuditFilter) -> dict[str, object]:
    """Return the conditions on the entry itself; days begin at midnight in the business's time zone."""
    conditions: dict[str, object] = {}
    if audit_filter.person:
        conditions["actor_id"] = audit_filter.person
    if audit_filter.kind:
        conditions["event_type__startswith"] = f"{audit_filter.kind}."
    if audit_filter.since:
        conditions["at__gte"] = _get_start_of_day(audit_filter.since)
    if audit_filter.until:
        conditions["at__lt"] = _get_start_of_day(audit_filter.until + timedelta(days=1))
    return conditions


def _get_start_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
