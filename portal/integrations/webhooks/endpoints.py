"""The endpoints of a business: adding, changing, switching off, and the secrets by which receivers verify webhooks."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.integrations.kinds import IntegrationEvent
from portal.integrations.webhooks.models import DisabledReason, WebhookEndpoint
from portal.integrations.webhooks.owner_emails import mail_owners
from portal.integrations.webhooks.signatures import generate_secret
from tenants.business_locks import lock_business
from tenants.deleted_rows import delete_row
from tenants.encryption import UndecryptableSecret, decrypt_text, encrypt_text
from tenants.models import Business
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor
from tenants.webhooks import streams
from tenants.webhooks.destinations import parse_destination

MAX_ENDPOINTS = 10
# For so long after a secret was replaced the one before signs as well.
SECRET_OVERLAP = timedelta(hours=24)


class TooManyEndpoints(ValueError):
    """The business has as many endpoints as it may."""


class UnknownEventType(ValueError):
    """No installed noun declares this type of webhook."""


def list_endpoints() -> QuerySet[WebhookEndpoint]:
    """Return all endpoints, the oldest first."""
    return WebhookEndpoint.objects.order_by("created_at", "pk")


@transaction.atomic
def add_endpoint(
    *,
    business: Business,
    url: str,
    description: str = "",
    event_types: Iterable[str] = (),
    staff: StaffActor | None,
    now: datetime,
) -> WebhookEndpoint:
    """Add an endpoint with a secret of its own, and mail the owners.

    Raises TooManyEndpoints, InvalidDestination and UnknownEventType.
    """
    parse_destination(url)
    # So that no two requests add the last one both.
    lock_business(business)
    if WebhookEndpoint.objects.count() >= MAX_ENDPOINTS:
        raise TooManyEndpoints
    endpoint = WebhookEndpoint(url=url, description=description, created_at=now, updated_at=now)
    _set_event_types(endpoint, event_types)
    endpoint.secret = encrypt_text(generate_secret())
    endpoint.save(force_insert=True)
    streams.create_stream(business_id=business.pk, endpoint_id=endpoint.pk)
    entry = _record(IntegrationEvent.WEBHOOK_ADDED, endpoint, staff, now)
    mail_owners(business, entry, now=now)
    return endpoint


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    business: Business,
    url: str,
    description: str,
    event_types: Iterable[str],
    is_enabled: bool,
    staff: StaffActor | None,
    now: datetime,
) -> None:
    """Save what staff may change, and mail the owners if the URL is another.

    Raises InvalidDestination, UnknownEventType and WebhookEndpoint.DoesNotExist.

    What is pending for an endpoint that is switched off is not sent later; it can be replayed.
    """
    parse_destination(url)
    current = lock_endpoint(endpoint.pk)
    endpoint.url, endpoint.description, endpoint.updated_at = url, description, now
    _set_event_types(endpoint, event_types)
    changed = ["url", "description", "event_types", "timeline_types", "updated_at"]
    changed += _switch(endpoint, business, current=current, is_enabled=is_enabled)
    # Nothing else, such as a secret that a colleague has replaced in the meantime.
    endpoint.save(update_fields=changed)
    entry = _record(IntegrationEvent.WEBHOOK_CHANGED, endpoint, staff, now)
    if current.url != url:
        mail_owners(business, entry, now=now)


def lock_endpoint(endpoint_id: UUID) -> WebhookEndpoint:
    """Lock an endpoint and return it: its stream first, as a worker that has sent to it does.

    Raises WebhookEndpoint.DoesNotExist.
    """
    streams.lock_stream(endpoint_id)
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)


@transaction.atomic
def remove_endpoint(*, endpoint: WebhookEndpoint, staff: StaffActor | None, now: datetime) -> None:
    """Remove an endpoint with its log. Raises WebhookEndpoint.DoesNotExist."""
    _record(IntegrationEvent.WEBHOOK_REMOVED, endpoint, staff, now)
    streams.delete_stream(endpoint.pk)
    delete_row(endpoint)


@transaction.atomic
def replace_secret(*, endpoint: WebhookEndpoint, staff: StaffActor | None, now: datetime) -> str:
    """Give an endpoint a new secret and return it; the old one signs as well until SECRET_OVERLAP has passed."""
    # So that of two replacements the one that comes second keeps what the first has told its caller, as the old one.
    endpoint.refresh_from_db(from_queryset=WebhookEndpoint.objects.select_for_update(no_key=True))
    secret = generate_secret()
    endpoint.previous_secret, endpoint.previous_secret_expires_at = endpoint.secret, now + SECRET_OVERLAP
    endpoint.secret, endpoint.updated_at = encrypt_text(secret), now
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_expires_at", "updated_at"])
    _record(IntegrationEvent.WEBHOOK_SECRET_REPLACED, endpoint, staff, now)
    return secret


def show_secret(*, endpoint: WebhookEndpoint, staff: StaffActor | None, now: datetime) -> str:
    """Return the secret of an endpoint, and record who asked for it."""
    _record(IntegrationEvent.WEBHOOK_SECRET_SHOWN, endpoint, staff, now)
    return decrypt_text(endpoint.secret)


def list_signing_secrets(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """Return the secrets that sign at present, the newest first."""
    expires_at = endpoint.previous_secret_expires_at
    encrypted = [endpoint.secret]
    if endpoint.previous_secret and expires_at and expires_at > now:
        encrypted.append(endpoint.previous_secret)
    return [decrypt_text(secret) for secret in encrypted]


def refresh_endpoints(*, now: datetime) -> None:
    """Encrypt secrets under the newest key, and find the timeline events of each endpoint anew: a release may add some.

    A secret that has stopped signing is forgotten; one that no key reads any more is for staff to replace.
    """
    for endpoint in WebhookEndpoint.objects.all():
        try:
            secrets = [encrypt_text(secret) for secret in list_signing_secrets(endpoint, now=now)]
        except UndecryptableSecret:
            continue
        previous = secrets[1] if len(secrets) > 1 else ""
        types = list_timeline_types(endpoint.event_types)
        unchanged = WebhookEndpoint.objects.filter(
            pk=endpoint.pk, secret=endpoint.secret, event_types=endpoint.event_types
        )
        unchanged.update(secret=secrets[0], previous_secret=previous, timeline_types=types)


def list_timeline_types(names: Sequence[str]) -> list[str]:
    """Return the types of timeline events that these types of webhooks stand for; all if there are none."""
    declared = registry.get_webhook_event_types()
    wanted = [declared[name] for name in names if name in declared] if names else declared.values()
    return [str(event_type) for each in wanted for event_type in each.timeline_types]


def _set_event_types(endpoint: WebhookEndpoint, names: Iterable[str]) -> None:
    endpoint.event_types = sorted(set(names))
    if unknown := set(endpoint.event_types) - set(registry.get_webhook_event_types()):
        raise UnknownEventType(", ".join(sorted(unknown)))
    endpoint.timeline_types = list_timeline_types(endpoint.event_types)


def _switch(endpoint: WebhookEndpoint, business: Business, *, current: WebhookEndpoint, is_enabled: bool) -> list[str]:
    """Switch an endpoint on or off, and return the names of the fields to save. `current` is what is stored, locked."""
    if is_enabled:
        # Also for one that was on when it was read: a worker may have switched it off since.
        changed = ["is_enabled", "disabled_reason"]
        if not current.is_enabled:
            endpoint.failing_since = None
            changed.append("failing_since")
        endpoint.is_enabled, endpoint.disabled_reason = True, ""
        streams.create_stream(business_id=business.pk, endpoint_id=endpoint.pk)
        return changed
    # Why one is off that was off already stays as it is.
    endpoint.is_enabled, endpoint.disabled_reason = False, current.disabled_reason or DisabledReason.STAFF
    streams.delete_stream(endpoint.pk)
    return ["is_enabled", "disabled_reason"]


def _record(event_type: IntegrationEvent, endpoint: WebhookEndpoint, staff: StaffActor | None, now: datetime) -> Entry:
    fields: dict[str, Any] = activity.get_actor_fields(staff) if staff else {}
    return activity.record_event(event_type, at=now, subject_id=endpoint.pk, subject_name=endpoint.url, **fields)
