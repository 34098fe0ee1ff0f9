"""Who had trouble signing in lately, and is not in yet?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.signin_support.attempts import DAY
from portal.signin_support.words import PLAIN, Words

TROUBLE = (EventType.CHALLENGE_LOCKED, EventType.MESSAGE_BOUNCED, EventType.MESSAGE_FAILED, EventType.MESSAGE_EXPIRED)
SHOWN = 8


@dataclass(frozen=True)
class Trouble:
    """One client, what went wrong last, and when."""

    client: Client
    words: Words
    at: datetime


def lately(*, now: datetime) -> list[Trouble]:
    """Return whom something kept out during the last day and who has not signed in since, the latest first."""
    lines = Entry.objects.real().filter(event_type__in=TROUBLE, at__gt=now - DAY, client__in=Client.objects.listed())
    kept_out = lines.filter(at__gt=Coalesce(F("client__signed_in_at"), now - DAY))
    found = kept_out.order_by("client", "-at").distinct("client").select_related("client")
    latest = sorted(found, key=lambda entry: entry.at, reverse=True)[:SHOWN]
    return [Trouble(entry.client, PLAIN[entry.event_type][0], entry.at) for entry in latest if entry.client]
