"""Storage of the webhook events of any provider, and the response to it.

Events are stored first and applied by a worker: the provider doesn't wait for that, and a stored event is
applied even if this process dies.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from tenants import metrics, provider_events
from tenants.models import ProviderEvent, Queue
from workers import queue

# Events per job.
BATCH_SIZE = 200


class InvalidEvent(ValueError):
    """A signed request holds no valid event."""


def read_body(request: HttpRequest) -> bytes | None:
    """Return the raw body, or None if the sender disconnected. Raises RequestDataTooBig, which becomes a 413."""
    try:
        return request.body
    except UnreadablePostError:
        return None


def store_events(provider: str, events: Iterable[ProviderEvent]) -> HttpResponse:
    """Store new events, enqueue their processing and return 204."""
    new = provider_events.store_events(list(events))
    metrics.PROVIDER_EVENTS.labels(provider, "stored").inc(len(new))
    for start in range(0, len(new), BATCH_SIZE):
        queue.enqueue_job("apply_events", queue=Queue.NOTICES, event_ids=new[start : start + BATCH_SIZE])
    return HttpResponse(status=204)


def reject_invalid_signature(provider: str) -> HttpResponse:
    """Return 403 for a request without a valid signature."""
    metrics.PROVIDER_EVENTS.labels(provider, "rejected").inc()
    return HttpResponse(status=403)
