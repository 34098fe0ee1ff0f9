"""Removal of an address from the suppression list of a provider."""

from uuid import UUID

from django.utils import timezone

from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.signin_support import resends
from tenants.models import Queue
from workers.providers import registry
from workers.tenancy import business_actor


@business_actor(queue_name=Queue.NOTICES, max_retries=5, max_age=600_000, time_limit=60_000, min_backoff=2_000)
def remove_suppression(*, suppression_id: UUID) -> None:
    """Remove the suppression at the provider, then resend the code if the client still waits. Safe to repeat."""
    suppression = Suppression.objects.filter(pk=suppression_id, removed_at=None).first()
    if suppression is None or not suppression.removal_requested_at:
        return
    registry.remove_suppression(suppression.provider, suppression.value, reason=suppression.reason)
    if suppressions.complete_suppression_removal(suppression=suppression, now=timezone.now()):
        resends.resend_after_removal(suppression=suppression, now=timezone.now())
