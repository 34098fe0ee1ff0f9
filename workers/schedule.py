"""What happens by itself, and how often?

This is the whole of it. Everything here may run late, twice, or on two machines at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.domains import claims
from tenants.models import Business, Queue
from workers.queue import enqueue


@dataclass
class Every:
    """One piece of periodic work: asked for when the schedule starts, then at its interval."""

    interval: timedelta
    ask: Callable[[], bool]
    due_at: datetime | None = None

    def tick(self, now: datetime) -> None:
        """Ask for the work if it is due. Unheard, it stays due."""
        if (self.due_at is None or now >= self.due_at) and self.ask():
            self.due_at = now + self.interval


def _resume_uploads() -> bool:
    return enqueue("resume_uploads", queue=Queue.BULK)


def _purge_platform() -> bool:
    return enqueue("purge_platform", queue=Queue.BULK)


def _purge_businesses() -> bool:
    return _of_every_business("purge_business")


def _settle_submissions() -> bool:
    return _of_every_business("settle_submissions")


def _look_at_domains() -> bool:
    ids = claims.to_look_at_again().values_list("pk", flat=True)
    heard = [enqueue("look_at_domain", queue=Queue.BULK, claim_id=pk) for pk in ids]
    return all(heard)


def _of_every_business(actor: str) -> bool:
    ids = Business.objects.exclude(status=Business.Status.CLOSED).values_list("pk", flat=True)
    heard = [enqueue(actor, queue=Queue.BULK, business_id=pk) for pk in ids]
    return all(heard)


SCHEDULE = [
    Every(timedelta(minutes=2), _resume_uploads),
    Every(timedelta(minutes=10), _settle_submissions),
    Every(timedelta(hours=1), _purge_platform),
    Every(timedelta(hours=1), _look_at_domains),
    Every(timedelta(hours=24), _purge_businesses),
]
