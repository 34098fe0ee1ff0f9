"""The job about one upload, as workers run it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.clients.uploads import upload_processing


def process_upload(upload_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Process an upload up to the next time slice. Safe to repeat, to kill, and to call for a finished upload."""
    upload_processing.process_upload(upload_id, clock=clock, helpers=upload_processing.HELPER_COUNT)
