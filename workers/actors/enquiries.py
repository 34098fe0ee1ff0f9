"""The actor that matches an enquiry with the client list."""

from uuid import UUID

from django.utils import timezone

from portal.intake import services as intake
from tenants.models import Queue
from workers.tenancy import business_actor


# A periodic job matches the enquiries whose job exhausts these limits.
@business_actor(queue_name=Queue.NOTICES, max_retries=3, max_age=600_000, time_limit=20_000)
def match_enquiry(enquiry_id: UUID) -> None:
    """Match one enquiry with the client list. Safe to repeat."""
    intake.match_enquiry(enquiry_id=enquiry_id, now=timezone.now())
