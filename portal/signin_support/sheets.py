"""How do things stand with one client's codes, and what is the one next step?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from portal.access.services import identifier_of
from portal.clients.models import Client, Contact
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.messaging.reasons import explain
from portal.profile.models import Profile
from portal.signin_support.attempts import DAY, Attempt, story_of
from portal.signin_support.finding import WORDS, Standing, standing_of
from portal.signin_support.words import Step, Words
from tenants import outages, tickets
from tenants.models import Business, Channel, Outage, Ticket

# For so long a worker is given to lift a block before the page stops looking.
PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True)
class OnFile:
    """One address on the card, what it is good for, and the block that stands on it."""

    contact: Contact
    standing: Standing
    suppression: Suppression | None

    @property
    def words(self) -> str | Promise:
        """What it is good for, as people say it."""
        return WORDS[self.standing]

    @property
    def masked(self) -> str:
        """As the timeline names it."""
        return identifier_of(self.contact).masked


@dataclass(frozen=True)
class Sheet:
    """Everything the seven steps need to be answered for one client at one moment."""

    client: Client
    on_file: Sequence[OnFile]
    attempts: Sequence[Attempt]
    misses: Sequence[tuple[str, datetime]]
    ticket: Ticket | None
    outages: Sequence[Outage]
    now: datetime

    @cached_property
    def suppressed(self) -> list[Suppression]:
        """Return the blocks that stand on the client's addresses."""
        return [hit.suppression for hit in self.on_file if hit.suppression]

    @cached_property
    def recent(self) -> list[Attempt]:
        """Return the attempts of the last day."""
        return [one for one in self.attempts if one.challenge.created_at > self.now - DAY]

    @cached_property
    def failed(self) -> list[Attempt]:
        """Return those of the last day that opened nothing."""
        return [one for one in self.recent if not one.challenge.proven_at]

    @cached_property
    def open(self) -> Attempt | None:
        """Return the newest attempt that a code may still be sent for."""
        return next((one for one in self.attempts if one.is_open and one.is_known), None)

    @cached_property
    def newest(self) -> Attempt | None:
        """Return the newest attempt of the last day."""
        return next(iter(self.recent), None)

    @property
    def may_sign_in(self) -> bool:
        """Something on the card opens the portal."""
        return any(hit.standing == Standing.ABLE for hit in self.on_file)

    @cached_property
    def channels(self) -> list[str]:
        """Return how a code could reach the client: by what is on file and works."""
        able = {hit.contact.kind for hit in self.on_file if hit.standing == Standing.ABLE}
        return [channel for kind, channel in (("email", Channel.EMAIL), ("phone", Channel.SMS)) if kind in able]

    @property
    def is_moving(self) -> bool:
        """Something may change by itself, so the page keeps looking."""
        is_clearing = any(self.is_clearing(one) for one in self.suppressed)
        return is_clearing or bool(self.outages) or any(one.is_open for one in self.attempts)

    def is_clearing(self, suppression: Suppression) -> bool:
        """A worker was asked to lift this block and has had no time yet."""
        return bool(suppression.asked_at and suppression.asked_at > self.now - PATIENCE)

    @cached_property
    def verdict(self) -> Step:
        """Return what is wrong, or how far it is, and the one thing to do."""
        return _barred(self) or _blocked(self) or _story(self)

    @property
    def mark(self) -> str:
        """Return a mark that changes when what the page shows does."""
        shown = [
            *[(one.challenge.pk, len(one.steps), one.is_open, one.can_be_handed) for one in self.attempts],
            *[
                (hit.contact.pk, hit.standing, hit.suppression and self.is_clearing(hit.suppression))
                for hit in self.on_file
            ],
            *self.misses,
            self.ticket and (self.ticket.pk, self.ticket.state, self.ticket.answered_at),
            *[one.pk for one in self.outages],
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def sheet_of(client: Client, *, business: Business, profile: Profile, now: datetime) -> Sheet:
    """Return how things stand for a client, in five statements however much happened."""
    contacts = list(suppressions.beside(client.contacts.order_by("kind", "created_at", "pk")))
    for contact in contacts:
        contact.client = client
    attempts, misses = story_of(client, contacts, profile=profile, now=now)
    return Sheet(
        client=client,
        on_file=[OnFile(one, standing_of(one, profile), suppressions.on(one)) for one in contacts],
        attempts=attempts,
        misses=misses,
        ticket=tickets.latest_about(business=business, about_id=client.pk),
        outages=outages.standing(business),
        now=now,
    )


def _barred(sheet: Sheet) -> Step | None:
    """Nobody can get in with this card as it is."""
    if sheet.client.status != Client.Status.ACTIVE:
        is_archived = sheet.client.status == Client.Status.ARCHIVED
        title = _("This client is archived") if is_archived else _("This client is blocked")
        why = _("Archived and blocked clients are sent no codes. The sign-in page tells them nothing of it.")
        return Step(sheet.now, title, why, _("Restore the card first, if they may come in again."), "bad", "no-symbol")
    if not sheet.may_sign_in:
        title, then = (
            _("Nothing on this card opens the portal"),
            _("Add an email address, or confirm the mobile number."),
        )
        return Step(sheet.now, title, _("Codes go only to addresses on file."), then, "bad", "no-symbol")
    return None


def _blocked(sheet: Sheet) -> Step | None:
    """A provider no longer sends to an address, so every further code is lost."""
    if not sheet.suppressed:
        return None
    block = sheet.suppressed[0]
    reason = explain(block.reason)
    if sheet.is_clearing(block):
        then = _("The provider is being asked. This page shows when it is done.")
        return Step(block.since, _("Lifting the block…"), reason.words, then, "wait", "clock")
    title = _("The provider no longer sends to %(address)s") % {"address": suppressions.masked(block)}
    if block.channel == Channel.SMS:
        then = _("Ask the client to text START to our number. Then press “They texted START”.")
    else:
        then = _(
            "Check the address with the client. If it is right, press “Clear and retry”; if not, correct the card."
        )
    return Step(block.since, title, reason.words, then, "bad", "no-symbol")


def _story(sheet: Sheet) -> Step:
    """Nothing stands in the way: what counts is how far the newest attempt came."""
    missed_at = sheet.misses[0][1] if sheet.misses else None
    if sheet.newest and (missed_at is None or sheet.newest.challenge.created_at > missed_at):
        return sheet.newest.latest
    if missed_at:
        title: Words = _("Somebody typed %(address)s, which is not on file") % {"address": sheet.misses[0][0]}
        then = _(
            "Compare it with the addresses below. If it is theirs, correct the card; if not, have them type it again."
        )
        return Step(missed_at, title, _("Nothing was sent to it."), then, "bad", "magnifying-glass")
    title = _("No attempt to sign in during the last 24 hours")
    then = _("Ask the client to open the sign-in page and type an address that is on file.")
    return Step(sheet.now, title, "", then, "calm", "information-circle")
