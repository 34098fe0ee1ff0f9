"""The demo client's signed-in device and past sign-ins."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client, ContactKind
from tenants import tokens


def seed_demo_client(client: Client, now: datetime) -> None:
    """Create a session that nobody can use, and the events of two sign-ins."""
    _build_unusable_session(client, now).save(force_insert=True)
    for days in (12, 3):
        activity.record_event(
            AccessEvent.SIGNED_IN, at=now - timedelta(days=days), client=client, actor=Entry.Actor.CLIENT
        )


def _build_unusable_session(client: Client, now: datetime) -> ClientSession:
    """Return a session whose token is discarded, so that nobody can use it."""
    return ClientSession(
        client=client,
        token_digest=tokens.digest_token(tokens.generate_token()),
        browser_digest=tokens.digest_token(tokens.generate_token()),
        device="Safari on iPhone",
        identifier_kind=ContactKind.EMAIL,
        address=client.contacts.get(kind=ContactKind.EMAIL).value,
        remember_me=True,
        created_at=now - timedelta(days=3),
        authenticated_at=now - timedelta(days=3),
        used_at=now - timedelta(hours=5),
        expires_at=now + settings.REMEMBER_ME_LIFETIME,
    )
