"""The job about one enquiry, as workers run it, and what happens when it keeps failing."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.intake import services


def match_enquiry(enquiry_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Match an enquiry with the client list. Safe to repeat."""
    services.match_enquiry(enquiry_id=enquiry_id, now=clock())


def stop_matching(enquiry_id: UUID, *, now: datetime) -> str | None:
    """Mark an enquiry as one that can't be matched, and return its sender's name."""
    enquiry = services.mark_unmatchable(enquiry_id=enquiry_id, now=now)
    return enquiry.name if enquiry else None


def resume_matching(enquiry_id: UUID, *, now: datetime) -> None:
    """Have an enquiry matched after all, at an operator's request."""
    services.enqueue_matching_again(enquiry_id=enquiry_id)
