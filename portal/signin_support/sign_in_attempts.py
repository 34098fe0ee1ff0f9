"""Recent attempts to sign in, each with its steps from the timeline."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from portal.access.identifier_digests import digest_identifier
from portal.access.kinds import AccessEvent
from portal.access.models import Challenge, ChallengePurpose
from portal.access.services import get_resend_time
from portal.activity.models import Entry
from portal.branding.models import PortalSettings
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, ContactKind
from portal.messaging.failure_reasons import explain_failure_reason
from portal.signin_support.timeline_steps import TimelineStep, build_final_timeline_step, build_timeline_steps
from tenants.models import Channel

RECENT_WINDOW = timedelta(hours=24)
# Attempts shown on a page.
MAX_ATTEMPTS = 6
# At most so many attempts with unknown addresses are compared with those on file.
MAX_SCANNED = 200
# The least similarity, from 0 to 1, of two masked addresses that may differ by a typo.
MIN_SIMILARITY = 0.7

SIGN_IN_CHALLENGES = Challenge.objects.exclude_demo().filter(purpose=ChallengePurpose.SIGN_IN)
# A masked address that is not on file but looks like one that is, and when it was typed.
NearMiss = tuple[str, datetime]


@dataclass(frozen=True)
class SignInAttempt:
    """One attempt to sign in by one browser, with what the timeline says of it so far."""

    challenge: Challenge
    steps: list[TimelineStep]
    entries: list[Entry] = field(repr=False)
    now: datetime
    portal_settings: PortalSettings = field(repr=False)

    @property
    def accepts_code(self) -> bool:
        """Tell whether a right code would still be accepted."""
        challenge = self.challenge
        is_unfinished = challenge.closed_at is None and challenge.verified_at is None
        is_valid = is_unfinished and challenge.expires_at > self.now
        return is_valid and challenge.failures < settings.LOGIN_MAX_GUESSES

    @property
    def state_label(self) -> str:
        """Return how far the attempt came, in a word or two."""
        if self.accepts_code:
            return gettext("in progress")
        return gettext("signed in") if self.challenge.verified_at else gettext("ended")

    @property
    def has_known_address(self) -> bool:
        """Tell whether a client on file has the address that was typed."""
        return bool(self.challenge.address)

    @property
    def masked_identifier(self) -> str:
        """Return what was typed, masked."""
        return self.challenge.identifier_masked

    @property
    def sends_left(self) -> int:
        """Return how many more codes may be sent for this attempt."""
        return settings.LOGIN_MAX_SENDS - len(self.challenge.sent_at)

    @property
    def channel(self) -> str:
        """Return the channel of the latest code."""
        return self.challenge.channels[-1]

    @property
    def seconds_to_resend(self) -> int:
        """Return the seconds until the client may ask for another code."""
        opens_at = (
            get_resend_time(self.challenge, Channel(self.channel), portal_settings=self.portal_settings) or self.now
        )
        return max(0, round((opens_at - self.now).total_seconds()))

    @property
    def resend_countdown(self) -> str:
        """Return the same as minutes and seconds: `2:41`."""
        return f"{self.seconds_to_resend // 60}:{self.seconds_to_resend % 60:02}"

    @property
    def can_issue_code(self) -> bool:
        """Tell whether a code that staff issue now would be valid for its full lifetime."""
        code_expires_at = self.now + settings.LOGIN_CODE_LIFETIME
        return self.accepts_code and self.has_known_address and self.challenge.expires_at >= code_expires_at

    @property
    def latest_timeline_step(self) -> TimelineStep:
        """Return the last thing that happened, the end of the attempt included."""
        return self.steps[-1]

    def latest_delivery_entry(self) -> Entry | None:
        """Return the newest timeline entry about the delivery of the newest code, or None before there is any."""
        found = [
            entry
            for entry in self.entries
            if entry.event_type.startswith("messaging.") or entry.event_type == AccessEvent.CODE_SENT
        ]
        return found[-1] if found else None

    @property
    def delivery_problem(self) -> str:
        """Return why the newest code was not delivered, or not yet; empty where no provider gave a reason."""
        entry = self.latest_delivery_entry()
        has_reason = entry and entry.data.get("provider") and entry.data.get("reason")
        return str(explain_failure_reason(entry.data["reason"]).text) if entry and has_reason else ""


def load_sign_in_attempts(
    client: Client, contacts: Iterable[Contact], *, portal_settings: PortalSettings, now: datetime
) -> tuple[list[SignInAttempt], list[NearMiss]]:
    """Return a client's latest attempts, and the near misses of their addresses; the newest first.

    Attempts through an address that the client shares with others are among them.
    """
    values = [contact.value for contact in contacts]
    newest_first = SIGN_IN_CHALLENGES.order_by("-created_at")
    own = newest_first.filter(Q(client=client) | Q(address__in=values, client=None))[:MAX_ATTEMPTS]
    recent = newest_first.filter(created_at__gt=now - RECENT_WINDOW)
    unknown = recent.filter(address="", client=None)[:MAX_SCANNED]
    found = sorted(own.union(unknown), key=lambda challenge: challenge.created_at, reverse=True)
    known = [challenge for challenge in found if challenge.address or challenge.client_id]
    typed = [
        (challenge.identifier_masked, challenge.created_at)
        for challenge in found
        if not challenge.address and not challenge.client_id
    ]
    return _build_sign_in_attempts(known, portal_settings=portal_settings, now=now), _find_near_misses(typed, contacts)


def find_attempt_of_client(client: Client, attempt_id: UUID) -> Challenge | None:
    """Return an attempt that is the client's own, or one at an address they share; else None."""
    challenge = Challenge.objects.exclude_demo().filter(pk=attempt_id).first()
    if challenge is None or challenge.client_id == client.pk:
        return challenge
    values = client.contacts.values_list("value", flat=True)
    return challenge if challenge.client_id is None and challenge.address in set(values) else None


def load_sign_in_attempts_by_identifier(
    identifier: Identifier, *, portal_settings: PortalSettings, now: datetime
) -> list[SignInAttempt]:
    """Return the last day's attempts with exactly this address, on file or not, the newest first."""
    digest = digest_identifier(identifier)
    found = SIGN_IN_CHALLENGES.filter(identifier_digest__in=digest, created_at__gt=now - RECENT_WINDOW)
    return _build_sign_in_attempts(
        list(found.order_by("-created_at")[:MAX_ATTEMPTS]), portal_settings=portal_settings, now=now
    )


def _build_sign_in_attempts(
    challenges: list[Challenge], *, portal_settings: PortalSettings, now: datetime
) -> list[SignInAttempt]:
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject_id__in=[challenge.pk for challenge in challenges]).order_by("at"):
        if entry.subject_id:
            entries[entry.subject_id].append(entry)
    return [
        _build_sign_in_attempt(challenge, entries[challenge.pk], portal_settings=portal_settings, now=now)
        for challenge in challenges
    ]


def _find_near_misses(typed: list[NearMiss], contacts: Iterable[Contact]) -> list[NearMiss]:
    """Return each masked address that looks like one on file, once, with when it was last typed."""
    on_file = [Identifier(ContactKind(contact.kind), contact.value).masked for contact in contacts]
    found: dict[str, datetime] = {}
    for masked, at in typed:
        if any(_are_addresses_similar(masked, other) for other in on_file):
            found.setdefault(masked, at)
    return list(found.items())[:MAX_ATTEMPTS]


def _build_sign_in_attempt(
    challenge: Challenge, entries: list[Entry], *, portal_settings: PortalSettings, now: datetime
) -> SignInAttempt:
    steps = build_timeline_steps(challenge, entries)
    if last := build_final_timeline_step(challenge, now=now):
        steps.append(last)
    return SignInAttempt(challenge, steps, entries, now, portal_settings)


def _are_addresses_similar(masked: str, other: str) -> bool:
    """Tell whether two masked addresses, both email or both phone, may differ by a typo only."""
    return ("@" in masked) == ("@" in other) and SequenceMatcher(None, masked, other).ratio() >= MIN_SIMILARITY
