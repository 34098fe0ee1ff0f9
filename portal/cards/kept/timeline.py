"""What does the timeline keep of a person, and what is left of it once they are erased?"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.cards.holdings import Holding, Keys

# What a line says that is nobody's own: how it went, not who it was.
IMPERSONAL = ("channel", "kind", "provider", "reason", "count", "known", "sendable", "new_browser", "source")
CHUNK = 500
WRITTEN = ["data", "actor_name", "actor_id", "ip"]


def blank(entries: QuerySet[Entry]) -> None:
    """Leave of each line what happened, when, and which colleague did it."""
    # All keys first: what a cursor has yet to read must not depend on what is written meanwhile.
    keys = list(entries.values_list("pk", flat=True))
    with activity.allow_mutation():
        for start in range(0, len(keys), CHUNK):
            lines = list(Entry.objects.filter(pk__in=keys[start : start + CHUNK]))
            for line in lines:
                _forget(line)
            Entry.objects.bulk_update(lines, WRITTEN)


def _forget(line: Entry) -> None:
    line.data = {word: line.data[word] for word in IMPERSONAL if word in line.data}
    if line.actor != Entry.Actor.STAFF:
        line.actor_name, line.actor_id, line.ip = "", None, None


def _erase_entries(keys: Keys, now: datetime) -> None:
    blank(Entry.objects.filter(client__in=keys))


# Lines are not rewritten when cards are merged: they are read through the card they went into.
ENTRIES = Holding(
    "timeline",
    _("Timeline"),
    "activity.Entry",
    order="at",
    left_out=("subject_id", "actor_id"),
    moves=False,
    erase=_erase_entries,
)
