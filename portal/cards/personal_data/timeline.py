"""The personal data policy for the timeline."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.cards.personal_data.policies import ClientIds, PersonalDataPolicy

# What an entry says that identifies nobody.
NON_PERSONAL_KEYS = ("channel", "kind", "provider", "reason", "count", "known", "sendable", "new_browser", "source")
BATCH_SIZE = 500
ANONYMISED_COLUMNS = ["data", "actor_name", "actor_id", "ip"]


def anonymise_entries(entries: QuerySet[Entry]) -> None:
    """Remove from timeline entries everything but what happened, when, and which member of staff did it."""
    # All ids first: what a cursor has yet to read must not depend on what is written meanwhile.
    entry_ids = list(entries.values_list("pk", flat=True))
    with activity.allow_mutation():
        for start in range(0, len(entry_ids), BATCH_SIZE):
            batch = list(Entry.objects.filter(pk__in=entry_ids[start : start + BATCH_SIZE]))
            for entry in batch:
                _anonymise(entry)
            Entry.objects.bulk_update(batch, ANONYMISED_COLUMNS)


def _anonymise(entry: Entry) -> None:
    entry.data = {key: entry.data[key] for key in NON_PERSONAL_KEYS if key in entry.data}
    if entry.actor != Entry.Actor.STAFF:
        entry.actor_name, entry.actor_id, entry.ip = "", None, None


def _erase_entries(client_ids: ClientIds, now: datetime) -> None:
    anonymise_entries(Entry.objects.filter(client__in=client_ids))


# A merge moves no entries: those of merged clients are read together with the survivor's.
ENTRIES = PersonalDataPolicy(
    "timeline",
    _("Timeline"),
    "activity.Entry",
    ordering="at",
    excluded_columns=("subject_id", "actor_id"),
    moves_on_merge=False,
    erase=_erase_entries,
)
