"""Removal of an address from the suppression list of a provider."""

from uuid import UUID

from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants import database_clock
from tenants.models import Queue
from tenants.nouns import registry
from tenants.nouns.platform_events import PlatformEvent
from workers.job_guard import ServiceUnavailable
from workers.providers import provider_registry as providers
from workers.providers.base import SendError, SendStatus
from workers.tenancy import business_scoped_actor


@business_scoped_actor(queue_name=Queue.NOTICES, max_retries=5, max_age=600_000, time_limit=60_000, min_backoff=2_000)
def remove_suppression(*, suppression_id: UUID) -> None:
    """Remove the suppression at the provider, then have nouns handle it. Safe to repeat. Raises ServiceUnavailable."""
    suppression = Suppression.objects.filter(pk=suppression_id, removed_at=None).first()
    if suppression is None or not suppression.removal_requested_at:
        return
    _remove_at_provider(suppression)
    if suppressions.complete_suppression_removal(suppression=suppression, now=database_clock.now()):
        now = database_clock.now()
        registry.call_event_handlers(PlatformEvent.SUPPRESSION_REMOVED, suppression=suppression, now=now)


def _remove_at_provider(suppression: Suppression) -> None:
    """Ask the provider to remove the address. Raises ServiceUnavailable, or SendError when it refuses."""
    try:
        providers.remove_suppression(suppression.provider, suppression.value, reason=suppression.reason)
    except SendError as error:
        if error.result.status in (SendStatus.RETRYABLE, SendStatus.UNKNOWN):
            raise ServiceUnavailable(suppression.provider) from error
        raise
