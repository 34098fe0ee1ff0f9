"""Clients who failed to sign in during the last day."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.kinds import MessagingEvent
from portal.signin_support.sign_in_attempts import RECENT_WINDOW
from portal.signin_support.timeline_steps import STEP_TEXTS, StrOrPromise

FAILURE_EVENTS = (
    AccessEvent.CHALLENGE_LOCKED,
    MessagingEvent.BOUNCED,
    MessagingEvent.FAILED,
    MessagingEvent.EXPIRED,
)
MAX_FAILURES = 8


@dataclass(frozen=True)
class RecentSignInFailure:
    """One client who failed to sign in: what went wrong last, and when."""

    client: Client
    description: StrOrPromise
    at: datetime


def list_recent_sign_in_failures(*, now: datetime) -> list[RecentSignInFailure]:
    """Return the clients who failed to sign in during the last day and have not signed in since, the latest first."""
    unresolved = _query_recent_sign_in_failures(now).filter(
        at__gt=Coalesce(F("client__signed_in_at"), now - RECENT_WINDOW)
    )
    listed = unresolved.filter(client__in=Client.objects.exclude_unlisted())
    found = listed.order_by("client", "-at").distinct("client").select_related("client")
    latest = sorted(found, key=lambda entry: entry.at, reverse=True)[:MAX_FAILURES]
    return [
        RecentSignInFailure(entry.client, STEP_TEXTS[entry.event_type][0], entry.at) for entry in latest if entry.client
    ]


def count_clients_with_sign_in_failures(*, now: datetime) -> int:
    """Return how many clients failed to sign in during the last day, whether or not they have signed in since."""
    return _query_recent_sign_in_failures(now).filter(client__isnull=False).values("client").distinct().count()


def _query_recent_sign_in_failures(now: datetime) -> QuerySet[Entry]:
    return Entry.objects.exclude_demo().filter(event_type__in=FAILURE_EVENTS, at__gt=now - RECENT_WINDOW)
