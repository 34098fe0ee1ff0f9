"""Counts the elements of signed webhook calls that Portico can't use, for operators to look at.

Elements that look alike are one row: the table stays small, whatever a provider sends.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from tenants.models import UnreadableEvent, UnreadableReason

EVENT_NAME = re.compile(r"[a-z_-]{1,40}")
OTHER_EVENT = "other"


@dataclass(frozen=True, slots=True)
class UnreadableElement:
    """One element that was not understood. `fields` describes it without its values, which may name people."""

    provider: str
    reason: UnreadableReason
    event: str = ""
    fields: str = ""


def describe_fields(element: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return which of the named fields an element has and of which type, such as `event:str timestamp:int`."""
    return " ".join(f"{name}:{type(element[name]).__name__}" for name in names if name in element)


def count_unreadable_elements(elements: Iterable[UnreadableElement], *, now: datetime) -> None:
    """Add elements to the rows of those that looked alike."""
    for element, count in sorted(Counter(elements).items(), key=repr):
        key = {
            "provider": element.provider,
            "reason": element.reason,
            "event": _restrict_event_name(element.event),
            "fields": element.fields[:300],
        }
        UnreadableEvent.objects.bulk_create([UnreadableEvent(**key, first_at=now, last_at=now)], ignore_conflicts=True)
        UnreadableEvent.objects.filter(**key).update(count=F("count") + count, last_at=now)


def _restrict_event_name(name: str) -> str:
    """Return the name of an event if it looks like one, so that nothing else is stored."""
    return name if not name or EVENT_NAME.fullmatch(name) else OTHER_EVENT
