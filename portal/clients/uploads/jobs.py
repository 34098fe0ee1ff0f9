"""The job about one upload, as workers run it, and what happens when it keeps failing."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.clients.uploads import services, upload_processing, upload_stopping


def process_upload(upload_id: UUID, *, clock: Callable[[], datetime]) -> bool:
    """Process an upload up to the next time slice, and return whether there is more to do.

    Safe to repeat, to kill, and to call for a finished upload.
    """
    return upload_processing.process_upload(upload_id, clock=clock, helpers=upload_processing.HELPER_COUNT)


def stop_upload(upload_id: UUID, *, now: datetime) -> str | None:
    """End an upload that can't be processed, so that staff can discard or undo it; return its name."""
    upload = upload_stopping.stop_upload(upload_id=upload_id, now=now)
    return upload.name if upload else None


def resume_upload(upload_id: UUID, *, now: datetime) -> None:
    """Have an upload processed again from where it was stopped, at an operator's request."""
    services.resume_stopped_upload(upload_id=upload_id, now=now)
