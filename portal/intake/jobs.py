"""The job about one enquiry, as workers run it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.intake import services


def match_enquiry(enquiry_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Match an enquiry with the client list. Safe to repeat."""
    services.match_enquiry(enquiry_id=enquiry_id, now=clock())
