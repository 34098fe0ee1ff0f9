"""Find attempts to send webhooks."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from portal.integrations.webhooks.models import WebhookAttempt
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

NEWEST_FIRST = Keyset({"at": parse_cursor_instant, "pk": parse_cursor_key})


@dataclass(frozen=True)
class AttemptFilter:
    """The filter of a list of attempts; an empty field filters nothing."""

    succeeded: bool | None = None
    event_id: UUID | None = None
    event_type: str = ""


def filter_attempts(endpoint_id: UUID, attempt_filter: AttemptFilter) -> QuerySet[WebhookAttempt]:
    """Return the attempts to send something to an endpoint that match, the newest first, with their events."""
    conditions = {
        "succeeded": attempt_filter.succeeded,
        "event": attempt_filter.event_id,
        "event__event_type": attempt_filter.event_type or None,
    }
    wanted = {name: value for name, value in conditions.items() if value is not None}
    attempts = WebhookAttempt.objects.exclude_demo().filter(endpoint=endpoint_id, **wanted)
    return attempts.select_related("event", "endpoint").order_by(*NEWEST_FIRST.ordering())
