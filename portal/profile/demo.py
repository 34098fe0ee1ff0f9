"""Who is the demo client, what do they have, and how do they start over?"""

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

NAME = "Robin Demo"
# Reserved names and numbers: they belong to nobody, so nothing sent there could arrive.
EMAIL, MOBILE = "robin@demo.invalid", "+447700900999"
FRESH = {"name": NAME, "status": Client.Status.ACTIVE, "language": "", "time_zone": "", "archived_at": None}


@transaction.atomic
def step_over(*, business: Business, person: Person, staff: Staff, now: datetime) -> str:
    """Return the token of a pass to the portal as the demo client, who is made when there is none."""
    client = _demo_client() or _furnished(_new(now), now)
    activity.record(EventType.DEMO_CLIENT_IMPERSONATED, at=now, **activity.actor_fields(staff))
    return impersonation_tokens.issue(
        business=business, person=person, client_id=client.pk, mode=ImpersonationSession.Mode.DEMO, now=now
    )


@transaction.atomic
def look_at(*, business: Business, client: Client, reason: str, person: Person, staff: Staff, now: datetime) -> str:
    """Return the token of a pass to the portal as a real client sees it, and note on their card who looks and why."""
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
def reset(*, staff: Staff, now: datetime) -> None:
    """Take from the demo client all that was done as them, and let them begin again."""
    client = _demo_client()
    if client is None:
        return
    with activity.allow_mutation():
        for relation in Client._meta.related_objects:
            if relation.related_model is not ImpersonationSession and relation.related_model is not Client:
                relation.related_model._base_manager.filter(**{relation.field.name: client}).delete()
    Client.objects.filter(pk=client.pk).update(**FRESH)
    _furnished(client, now)
    activity.record(EventType.DEMO_CLIENT_RESET, at=now, **activity.actor_fields(staff))


def furnish(client: Client, now: datetime) -> None:
    """Give the demo client addresses, a phone that is signed in, and a little past. No code opens their door all the same."""
    for kind, value in ((Contact.Kind.EMAIL, EMAIL), (Contact.Kind.PHONE, MOBILE)):
        Contact.objects.create(client=client, kind=kind, value=value, confirmed_at=now, created_at=now)
    _phone(client, now).save(force_insert=True)
    for days, event_type in ((40, EventType.CLIENT_ADDED), (12, EventType.SIGNED_IN), (3, EventType.SIGNED_IN)):
        activity.record(event_type, at=now - timedelta(days=days), client=client, actor=Entry.Actor.CLIENT)


def _phone(client: Client, now: datetime) -> ClientSession:
    """Return a session that nobody holds the token of."""
    return ClientSession(
        client=client,
        token_digest=tokens.digest(tokens.new_token()),
        browser_digest=tokens.digest(tokens.new_token()),
        device="Safari on iPhone",
        identifier_kind=Contact.Kind.EMAIL,
        address=EMAIL,
        remember_me=True,
        created_at=now - timedelta(days=3),
        authenticated_at=now - timedelta(days=3),
        used_at=now - timedelta(hours=5),
        expires_at=now + settings.REMEMBER_ME_LIFETIME,
    )


def _demo_client() -> Client | None:
    """Return the demo client. The one row of choices is locked meanwhile, so that two clicks make one client."""
    Profile.objects.select_for_update().get()
    return Client.objects.filter(is_demo=True).order_by("created_at", "pk").first()


def _new(now: datetime) -> Client:
    return Client.objects.create(**FRESH, is_demo=True, created_at=now - timedelta(days=40))


def _furnished(client: Client, now: datetime) -> Client:
    """Let every noun give the demo client what belongs to it; see DEMO_SEEDERS in the settings."""
    for path in settings.DEMO_SEEDERS:
        import_string(path)(client, now)
    return client
