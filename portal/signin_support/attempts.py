"""What became of each attempt to sign in, step by step, and what is the next thing to do?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from portal.access import tokens
from portal.access.models import Challenge, Purpose
from portal.access.services import resend_opens_at
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.messaging.reasons import explain
from portal.profile.models import Profile
from portal.signin_support.words import Step, ending, steps_of
from tenants.models import Channel

DAY = timedelta(hours=24)
SHOWN = 6
# How many strangers' attempts are looked at, and how much like an address on file one must be to be shown.
LOOKED_AT, ALIKE = 200, 0.7

SIGN_INS = Challenge.objects.real().filter(purpose=Purpose.SIGN_IN)
# What a stranger typed, masked, and when.
Miss = tuple[str, datetime]


@dataclass(frozen=True)
class Attempt:
    """One attempt by one browser, with its story so far."""

    challenge: Challenge
    steps: list[Step]
    entries: list[Entry] = field(repr=False)
    now: datetime
    profile: Profile = field(repr=False)

    @property
    def is_open(self) -> bool:
        """A right code would still be taken."""
        one = self.challenge
        is_live = one.closed_at is None and one.proven_at is None and one.expires_at > self.now
        return is_live and one.failures < settings.LOGIN_MAX_GUESSES

    @property
    def is_known(self) -> bool:
        """Somebody on file has the address that was typed."""
        return bool(self.challenge.address)

    @property
    def typed(self) -> str:
        """What was typed, masked."""
        return self.challenge.identifier_masked

    @property
    def sends_left(self) -> int:
        """How many more codes this attempt may have."""
        return settings.LOGIN_MAX_SENDS - len(self.challenge.sent_at)

    @property
    def channel(self) -> str:
        """How the latest code travels."""
        return self.challenge.channels[-1]

    @property
    def seconds_to_resend(self) -> int:
        """Until the client's own button opens."""
        opens_at = resend_opens_at(self.challenge, Channel(self.channel), profile=self.profile) or self.now
        return max(0, round((opens_at - self.now).total_seconds()))

    @property
    def wait(self) -> str:
        """The same as on a clock: `2:41`."""
        return f"{self.seconds_to_resend // 60}:{self.seconds_to_resend % 60:02}"

    @property
    def can_be_handed(self) -> bool:
        """A code handed over now would live its full time."""
        return self.is_open and self.is_known and self.challenge.expires_at >= self.now + settings.LOGIN_CODE_LIFETIME

    @property
    def latest(self) -> Step:
        """The last thing that happened, an ending included."""
        return self.steps[-1]

    def last_word(self) -> Entry | None:
        """Return what is known of the newest code's way: the last line about it, or None before any."""
        told = [
            entry
            for entry in self.entries
            if entry.event_type.startswith("messaging.") or entry.event_type == EventType.CODE_SENT
        ]
        return told[-1] if told else None

    @property
    def refusal(self) -> str:
        """Return in plain words why the newest code did not get through, or not yet; empty where nothing came back."""
        word = self.last_word()
        return str(explain(word.data["reason"]).words) if word and word.data.get("reason") else ""


def story_of(
    client: Client, contacts: Iterable[Contact], *, profile: Profile, now: datetime
) -> tuple[list[Attempt], list[Miss]]:
    """Return a client's latest attempts, and what strangers typed that looks like an address on file; the newest first.

    Attempts through an address that the client shares with others are among them.
    """
    values = [contact.value for contact in contacts]
    theirs = SIGN_INS.filter(Q(client=client) | Q(address__in=values, client=None)).order_by("-created_at")[:SHOWN]
    strangers = SIGN_INS.filter(address="", client=None, created_at__gt=now - DAY).order_by("-created_at")[:LOOKED_AT]
    found = sorted(theirs.union(strangers), key=lambda one: one.created_at, reverse=True)
    own = [one for one in found if one.address or one.client_id]
    typed = [(one.identifier_masked, one.created_at) for one in found if not one.address and not one.client_id]
    return _told(own, profile=profile, now=now), _near(typed, contacts)


def attempts_at(identifier: Identifier, *, profile: Profile, now: datetime) -> list[Attempt]:
    """Return the last day's attempts with exactly this address, on file or not, the newest first."""
    digest = tokens.identifier_digest(identifier)
    same = SIGN_INS.filter(identifier_digest=digest, created_at__gt=now - DAY).order_by("-created_at")[:SHOWN]
    return _told(list(same), profile=profile, now=now)


def _told(found: list[Challenge], *, profile: Profile, now: datetime) -> list[Attempt]:
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject_id__in=[one.pk for one in found]).order_by("at"):
        if entry.subject_id:
            entries[entry.subject_id].append(entry)
    return [_attempt(one, entries[one.pk], profile=profile, now=now) for one in found]


def _near(typed: list[Miss], contacts: Iterable[Contact]) -> list[Miss]:
    """Return each mask that looks like one on file, once, with when it was last typed."""
    masks = [Identifier(Contact.Kind(contact.kind), contact.value).masked for contact in contacts]
    seen: dict[str, datetime] = {}
    for mask, at in typed:
        if any(_alike(mask, other) for other in masks):
            seen.setdefault(mask, at)
    return list(seen.items())[:SHOWN]


def _attempt(challenge: Challenge, entries: list[Entry], *, profile: Profile, now: datetime) -> Attempt:
    steps = steps_of(challenge, entries)
    if end := ending(challenge, now=now):
        steps.append(end)
    return Attempt(challenge, steps, entries, now, profile)


def _alike(mask: str, other: str) -> bool:
    """Tell whether two masks could be one address and a slip of the finger; the first sign stays when one mistypes."""
    return ("@" in mask) == ("@" in other) and SequenceMatcher(None, mask, other).ratio() >= ALIKE
