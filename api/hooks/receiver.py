"""What happens to what a provider tells us, whichever provider it is?

Store, answer, and only then act: the provider waits for nothing, and what is stored is
applied even if we die now.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from tenants import metrics, provider_events
from tenants.models import ProviderEvent, Queue
from workers import queue

# Events that one bell announces.
BATCH = 200


class InvalidEvent(ValueError):
    """What was signed makes no sense as events."""


def read_body(request: HttpRequest) -> bytes | None:
    """Return the bytes as they came, or None when the sender broke off. Raises RequestDataTooBig, which is a 413."""
    try:
        return request.body
    except UnreadablePostError:
        return None


def receive(provider: str, events: Iterable[ProviderEvent]) -> HttpResponse:
    """Store the events we had not heard before, ring for them and answer 204."""
    new = provider_events.store(list(events))
    metrics.PROVIDER_EVENTS.labels(provider, "stored").inc(len(new))
    for start in range(0, len(new), BATCH):
        queue.enqueue("apply_events", queue=Queue.NOTICES, event_ids=new[start : start + BATCH])
    return HttpResponse(status=204)


def reject(provider: str) -> HttpResponse:
    """Answer 403 to whatever its provider didn't sign."""
    metrics.PROVIDER_EVENTS.labels(provider, "rejected").inc()
    return HttpResponse(status=403)
