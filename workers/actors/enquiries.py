"""Who wrote by the contact form? Found out here, where no sender waits for the answer."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from portal.intake import services as intake
from tenants.models import Queue
from workers.tenancy import business_actor

# What is given up is found again by `match_enquiries`.
MATCH_ONE_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.NOTICES,
    "max_retries": 3,
    "max_age": 600_000,
    "time_limit": 20_000,
}
MATCH_ALL_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.BULK,
    "max_retries": 3,
    "max_age": 600_000,
    "time_limit": 120_000,
}


@business_actor(**MATCH_ONE_OPTIONS)
def match_enquiry(submission_id: UUID) -> None:
    """Find out whose an enquiry is. Safe to repeat."""
    intake.settle(submission_id=submission_id, now=timezone.now())


@business_actor(**MATCH_ALL_OPTIONS)
def match_enquiries() -> None:
    """Do the same for every enquiry whose bell nobody heard."""
    intake.settle_waiting(now=timezone.now())
