"""Storage of what any provider reports, and the response to it.

Events are stored first and applied by a worker: the provider doesn't wait for that, and a stored event is
applied even if this process dies.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from tenants import metrics, provider_events
from tenants.event_matching import ReportedEvent, match_events
from tenants.models import DeliveryState, ProviderEvent, Queue, UnreadableReason
from tenants.unreadable_events import UnreadableElement, count_unreadable_elements
from workers import queue

# Events per job.
BATCH_SIZE = 200


def read_body(request: HttpRequest) -> bytes | None:
    """Return the raw body, or None if the sender disconnected. Raises RequestDataTooBig, which becomes a 413."""
    try:
        return request.body
    except UnreadablePostError:
        return None


def store_report(
    provider: str, report: Iterable[ReportedEvent | UnreadableElement | None], *, now: datetime
) -> HttpResponse:
    """Store the events of a report, count what can't be used, enqueue the processing and return 204."""
    elements = list(report)
    matched = match_events([element for element in elements if isinstance(element, ReportedEvent)], now=now)
    unreadable = [element for element in elements if isinstance(element, UnreadableElement)]
    unreadable += _describe_unmatched_events(matched)
    rows = [row for _event, rows in matched for row in rows]
    with transaction.atomic():
        new = provider_events.store_events(rows)
        count_unreadable_elements(unreadable, now=now)
    metrics.PROVIDER_EVENTS.labels(provider, "stored").inc(len(new))
    metrics.PROVIDER_EVENTS.labels(provider, "unreadable").inc(len(unreadable))
    for start in range(0, len(new), BATCH_SIZE):
        queue.enqueue_job("apply_events", queue=Queue.NOTICES, event_ids=new[start : start + BATCH_SIZE])
    return HttpResponse(status=204)


def _describe_unmatched_events(
    matched: Sequence[tuple[ReportedEvent, list[ProviderEvent]]],
) -> Iterator[UnreadableElement]:
    """Yield the events that are about ours, it seems, and name none of our deliveries.

    Without our argument and without a failure they are about other mail of the same account.
    """
    for event, rows in matched:
        if not rows and (event.state == DeliveryState.BOUNCED or "delivery_id:" in event.fields):
            yield UnreadableElement(
                event.provider, UnreadableReason.NO_DELIVERY, event=event.state.name.lower(), fields=event.fields
            )


def reject_invalid_signature(provider: str) -> HttpResponse:
    """Return 403 for a request without a valid signature."""
    metrics.PROVIDER_EVENTS.labels(provider, "rejected").inc()
    return HttpResponse(status=403)
