"""Actors that match enquiries with the client list."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from portal.intake import services as intake
from tenants.models import Queue
from workers.tenancy import business_actor

# `match_enquiries` retries the jobs that exhaust these.
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
def match_enquiry(enquiry_id: UUID) -> None:
    """Match one enquiry with the client list. Safe to repeat."""
    intake.match_enquiry(enquiry_id=enquiry_id, now=timezone.now())


@business_actor(**MATCH_ALL_OPTIONS)
def match_enquiries() -> None:
    """Match every enquiry of the business whose job was lost."""
    intake.match_pending(now=timezone.now())
