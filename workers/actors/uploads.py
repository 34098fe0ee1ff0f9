"""Processing of uploaded client lists, one job per upload."""

from uuid import UUID

from django.utils import timezone

from portal.clients.uploads import processing
from tenants.models import Queue
from workers.tenancy import business_actor


@business_actor(queue_name=Queue.BULK, max_retries=3, max_age=3_600_000, time_limit=600_000)
def process_upload(upload_id: UUID) -> None:
    """Process an upload up to the next time slice. Safe to repeat, to kill, and to call for a finished upload."""
    processing.process_upload(upload_id, clock=timezone.now, helpers=processing.HELPER_COUNT)
