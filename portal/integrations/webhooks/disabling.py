"""Switches endpoints off that are gone or have failed for days, and notifies those who can mend them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from portal.activity import services as activity
from portal.integrations.kinds import IntegrationEvent, IntegrationNotification
from portal.integrations.webhooks.models import DisabledReason, WebhookEndpoint
from portal.messaging.notifications.services import notify_staff
from tenants.webhooks import streams
from tenants.webhooks.http_client import WebhookResponse

FAILING_LIMIT = timedelta(days=3)


def update_health(endpoint: WebhookEndpoint, responses: Sequence[WebhookResponse], *, now: datetime) -> None:
    """Note since when nothing has succeeded, and switch the endpoint off when that is too long. Call in a transaction.

    One that answers 410 is switched off at once.
    """
    failing_since = endpoint.failing_since or now
    if any(response.status == HTTPStatus.GONE for response in responses):
        _disable(endpoint, DisabledReason.GONE, now=now)
    elif any(response.succeeded for response in responses):
        _save_failing_since(endpoint, None)
    elif responses and now - failing_since >= FAILING_LIMIT:
        _disable(endpoint, DisabledReason.FAILING, now=now)
    elif responses:
        _save_failing_since(endpoint, failing_since)


def _save_failing_since(endpoint: WebhookEndpoint, failing_since: datetime | None) -> None:
    if failing_since != endpoint.failing_since:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=failing_since)


def _disable(endpoint: WebhookEndpoint, reason: DisabledReason, *, now: datetime) -> None:
    """Switch an endpoint off, unless somebody else did, and notify staff."""
    found = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_enabled=True)
    if not found.update(is_enabled=False, disabled_reason=reason, updated_at=now):
        return
    streams.delete_stream(endpoint.pk)
    event = {"subject_id": endpoint.pk, "subject_name": endpoint.url, "reason": reason.value}
    activity.record_event(IntegrationEvent.WEBHOOK_DISABLED, at=now, **event)
    notify_staff(
        IntegrationNotification.WEBHOOK_DISABLED,
        subject=endpoint.label,
        url_name="webhook",
        pk=endpoint.pk,
        now=now,
    )
