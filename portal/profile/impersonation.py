"""Impersonation of the demo client and of real clients by staff, and the demo client's data."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal.access import tokens
from portal.access.models import ClientSession, ImpersonationSession
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, Contact
from portal.profile.models import Profile
from tenants import impersonation_tokens
from tenants.models import Business, Person
from tenants.staff.actor import Staff

DEMO_NAME = "Robin Demo"
# Reserved names and numbers: they belong to nobody, so nothing sent there could arrive.
DEMO_EMAIL, DEMO_MOBILE = "robin@demo.invalid", "+447700900999"
INITIAL_FIELDS = {
    "name": DEMO_NAME,
    "status": Client.Status.ACTIVE,
    "language": "",
    "time_zone": "",
    "archived_at": None,
}


@transaction.atomic
def impersonate_demo_client(*, business: Business, person: Person, staff: Staff, now: datetime) -> str:
    """Return a one-time token that opens the portal as the demo client, created if there is none."""
    client = _lock_demo_client() or _run_seeders(_create_demo_client(now), now)
    activity.record(EventType.DEMO_CLIENT_IMPERSONATED, at=now, **activity.actor_fields(staff))
    return impersonation_tokens.issue(
        business=business, person=person, client_id=client.pk, mode=ImpersonationSession.Mode.DEMO, now=now
    )


@transaction.atomic
def impersonate_client(
    *, business: Business, client: Client, reason: str, person: Person, staff: Staff, now: datetime
) -> str:
    """Return a one-time token that opens the portal as a client, read-only; their timeline records who and why."""
    activity.record(EventType.CLIENT_IMPERSONATED, at=now, client=client, why=reason, **activity.actor_fields(staff))
    return impersonation_tokens.issue(
        business=business,
        person=person,
        client_id=client.pk,
        mode=ImpersonationSession.Mode.READ_ONLY,
        reason=reason,
        now=now,
    )


@transaction.atomic
def reset_demo_client(*, staff: Staff, now: datetime) -> None:
    """Delete everything that belongs to the demo client, and seed it again."""
    client = _lock_demo_client()
    if client is None:
        return
    with activity.allow_mutation():
        for relation in Client._meta.related_objects:
            if relation.related_model is not ImpersonationSession and relation.related_model is not Client:
                relation.related_model._base_manager.filter(**{relation.field.name: client}).delete()
    Client.objects.filter(pk=client.pk).update(**INITIAL_FIELDS)
    _run_seeders(client, now)
    activity.record(EventType.DEMO_CLIENT_RESET, at=now, **activity.actor_fields(staff))


def seed_demo_client(client: Client, now: datetime) -> None:
    """Create the demo client's contacts, a signed-in device and a short history. Nobody can sign in with them."""
    for kind, value in ((Contact.Kind.EMAIL, DEMO_EMAIL), (Contact.Kind.PHONE, DEMO_MOBILE)):
        Contact.objects.create(client=client, kind=kind, value=value, confirmed_at=now, created_at=now)
    _build_session(client, now).save(force_insert=True)
    for days, event_type in ((40, EventType.CLIENT_ADDED), (12, EventType.SIGNED_IN), (3, EventType.SIGNED_IN)):
        activity.record(event_type, at=now - timedelta(days=days), client=client, actor=Entry.Actor.CLIENT)


def _build_session(client: Client, now: datetime) -> ClientSession:
    """Return a session whose token is discarded, so that nobody can use it."""
    return ClientSession(
        client=client,
        token_digest=tokens.digest(tokens.new_token()),
        browser_digest=tokens.digest(tokens.new_token()),
        device="Safari on iPhone",
        identifier_kind=Contact.Kind.EMAIL,
        address=DEMO_EMAIL,
        remember_me=True,
        created_at=now - timedelta(days=3),
        authenticated_at=now - timedelta(days=3),
        used_at=now - timedelta(hours=5),
        expires_at=now + settings.REMEMBER_ME_LIFETIME,
    )


def _lock_demo_client() -> Client | None:
    """Return the demo client, if there is one. Locks the settings row, so that two clicks create one client."""
    Profile.objects.select_for_update().get()
    return Client.objects.filter(is_demo=True).order_by("created_at", "pk").first()


def _create_demo_client(now: datetime) -> Client:
    return Client.objects.create(**INITIAL_FIELDS, is_demo=True, created_at=now - timedelta(days=40))


def _run_seeders(client: Client, now: datetime) -> Client:
    """Call every app's seeder on the demo client; see settings.DEMO_SEEDERS."""
    for path in settings.DEMO_SEEDERS:
        import_string(path)(client, now)
    return client
