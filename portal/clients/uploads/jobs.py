"""The job about one upload, as workers run it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.clients.uploads import processing


def process_upload(upload_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Process an upload up to the next time slice. Safe to repeat, to kill, and to call for a finished upload."""
    processing.process_upload(upload_id, clock=clock, helpers=processing.HELPER_COUNT)
