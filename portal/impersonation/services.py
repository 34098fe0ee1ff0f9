"""Impersonation of the demo client and of real clients by staff, and the reset of the demo client."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.access.models import ImpersonationMode, ImpersonationSession
from portal.activity import services as activity
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.impersonation.kinds import ImpersonationEvent
from tenants import impersonation_tokens
from tenants.models import Business, Person
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor

DEMO_CLIENT_NAME = "Robin Demo"
# What a reset leaves as it is; the search text follows when the demo client's contacts are added again.
UNCHANGED_COLUMNS = frozenset({"id", "is_demo", "search", "created_at"})


@transaction.atomic
def impersonate_demo_client(
    *, business: Business, person: Person, staff_session_key: str, staff: StaffActor, now: datetime
) -> str:
    """Return a one-time token that opens the portal as the demo client, created if there is none."""
    client = _lock_demo_client() or _seed_demo_client(_create_demo_client(now), now)
    activity.record_event(ImpersonationEvent.DEMO_CLIENT_IMPERSONATED, at=now, **activity.get_actor_fields(staff))
    return impersonation_tokens.issue_token(
        business=business,
        person=person,
        staff_session_key=staff_session_key,
        client_id=client.pk,
        mode=ImpersonationMode.DEMO,
        now=now,
    )


@transaction.atomic
def impersonate_client(
    *,
    business: Business,
    client: Client,
    reason: str,
    person: Person,
    staff_session_key: str,
    staff: StaffActor,
    now: datetime,
) -> str:
    """Return a one-time token that opens the portal as a client, read-only; their timeline records who and why."""
    activity.record_event(
        ImpersonationEvent.CLIENT_IMPERSONATED,
        at=now,
        client=client,
        reason_text=reason,
        **activity.get_actor_fields(staff),
    )
    return impersonation_tokens.issue_token(
        business=business,
        person=person,
        staff_session_key=staff_session_key,
        client_id=client.pk,
        mode=ImpersonationMode.READ_ONLY,
        reason=reason,
        now=now,
    )


@transaction.atomic
def reset_demo_client(*, staff: StaffActor, now: datetime) -> None:
    """Delete everything that belongs to the demo client, and seed it again."""
    client = _lock_demo_client()
    if client is None:
        return
    with activity.allow_mutation():
        for relation in Client._meta.related_objects:
            if relation.related_model is not ImpersonationSession and relation.related_model is not Client:
                relation.related_model._base_manager.filter(**{relation.field.name: client}).delete()
    client.tags.clear()
    fields = [field for field in Client._meta.concrete_fields if field.attname not in UNCHANGED_COLUMNS]
    defaults = {field.attname: field.get_default() for field in fields}
    Client.objects.filter(pk=client.pk).update(**defaults | {"name": DEMO_CLIENT_NAME})
    _seed_demo_client(client, now)
    activity.record_event(ImpersonationEvent.DEMO_CLIENT_RESET, at=now, **activity.get_actor_fields(staff))


def _lock_demo_client() -> Client | None:
    """Return the demo client, if there is one. Locks the settings row, so that two clicks create one client."""
    PortalSettings.objects.select_for_update(no_key=True).get()
    return Client.objects.filter(is_demo=True).order_by("created_at", "pk").first()


def _create_demo_client(now: datetime) -> Client:
    return Client.objects.create(name=DEMO_CLIENT_NAME, is_demo=True, created_at=now - timedelta(days=40))


def _seed_demo_client(client: Client, now: datetime) -> Client:
    """Let every noun create its part of the demo client's data."""
    for path in registry.list_demo_client_seeder_paths():
        registry.import_dotted_path(path)(client, now)
    return client
