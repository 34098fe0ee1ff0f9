"""How is each step of a sign-in told to staff, and what do they do next?"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.models import Challenge
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.messaging.reasons import explain
from tenants.models import Channel

Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One thing that happened: `tone` is calm, good, wait or bad; `detail` may be empty, `next_step` never is."""

    at: datetime
    title: Words
    detail: Words
    next_step: Words
    tone: str = "calm"
    icon: str = "clock"


NOTHING = _("Nothing to do yet.")
START_AGAIN = _("Ask the client to start again on the sign-in page.")
COMPARE = _("Compare letter by letter what the client typed with what is on file.")
# What each line of the timeline means here: title, next step, tone, icon. Empty next steps come from the reason.
PLAIN: dict[str, tuple[Words, Words, str, str]] = {
    EventType.CODE_REQUESTED: (_("Asked for a code"), NOTHING, "calm", "cursor-arrow-rays"),
    EventType.CODE_RESENT: (_("Asked for another code"), NOTHING, "calm", "arrow-path"),
    EventType.CODE_RESENT_BY_STAFF: (_("Staff had another code sent"), NOTHING, "calm", "arrow-path"),
    EventType.CODE_ISSUED: (_("An owner handed a code over"), _("It works for ten minutes, in the client’s own browser only."), "calm", "hand-raised"),
    EventType.MESSAGE_POSTPONED: (_("Waits for the provider"), "", "wait", "clock"),
    EventType.MESSAGE_UNCLEAR: (_("The provider gave no answer"), "", "wait", "question-mark-circle"),
    EventType.CODE_SENT: (_("Accepted by the provider"), _("Wait three minutes; most codes need a few seconds."), "wait", "paper-airplane"),
    EventType.MESSAGE_ACCEPTED: (_("Accepted by the provider"), _("Wait three minutes; most codes need a few seconds."), "wait", "paper-airplane"),
    EventType.MESSAGE_DEFERRED: (_("Put off by the receiving server"), "", "wait", "pause-circle"),
    EventType.MESSAGE_BOUNCED: (_("Not delivered"), "", "bad", "x-circle"),
    EventType.MESSAGE_FAILED: (_("Could not be sent"), "", "bad", "x-circle"),
    EventType.MESSAGE_EXPIRED: (_("Not sent in time"), "", "bad", "x-circle"),
    EventType.CODE_REJECTED: (_("Typed a wrong code"), _("Ask for the digits of the newest message. The newest two codes work."), "wait", "exclamation-circle"),
    EventType.CHALLENGE_LOCKED: (_("Too many wrong codes"), START_AGAIN, "bad", "lock-closed"),
}  # fmt: skip
DELIVERED: dict[str, tuple[Words, Words, str, str]] = {
    Channel.EMAIL: (_("Delivered to their mail server"), _("It is in their mailbox: ask them to look in the spam folder, and under Promotions."), "good", "check-circle"),
    Channel.SMS: (_("Delivered to their phone"), _("Ask them to look among messages from unknown senders."), "good", "check-circle"),
}  # fmt: skip
QUEUED = _("Queued for sending")
ASKING = (EventType.CODE_REQUESTED, EventType.CODE_RESENT, EventType.CODE_RESENT_BY_STAFF)


def steps_of(challenge: Challenge, entries: list[Entry]) -> list[Step]:
    """Return an attempt's story from its lines on the timeline, the oldest first."""
    steps = []
    for entry in entries:
        if (step := _step(entry)) is not None:
            steps.append(step)
        if entry.event_type in ASKING:
            steps.append(_queued(challenge, entry))
    return steps or [Step(challenge.created_at, *_texts(PLAIN[EventType.CODE_REQUESTED]))]


def ending(challenge: Challenge, *, now: datetime) -> Step | None:
    """Return how an attempt ended, or None while it is under way or where its last line says so already."""
    if challenge.proven_at:
        done = _("The client is in: nothing more to do.")
        return Step(challenge.proven_at, _("Used: the code was right"), "", done, "good", "check-circle")
    if challenge.failures >= settings.LOGIN_MAX_GUESSES:
        return None
    if challenge.closed_at:
        why = _("The card was changed, or the client may no longer sign in.")
        return Step(challenge.closed_at, _("Ended before a code was used"), why, START_AGAIN, "bad", "no-symbol")
    if challenge.expires_at <= now:
        return Step(challenge.expires_at, _("Expired unused"), "", START_AGAIN, "bad", "clock")
    return None


def _step(entry: Entry) -> Step | None:
    reason = explain(entry.data["reason"]) if entry.data.get("reason") else None
    known = (
        DELIVERED[entry.data.get("channel", Channel.EMAIL)]
        if entry.event_type == EventType.MESSAGE_DELIVERED
        else PLAIN.get(entry.event_type)
    )
    if known is None:
        return None
    title, next_step, tone, icon = known
    detail = reason.words if reason else _detail(entry)
    return Step(entry.at, title, detail, next_step or (reason.next_step if reason else NOTHING), tone, icon)


def _detail(entry: Entry) -> Words:
    if entry.event_type == EventType.CODE_REJECTED:
        return _("%(left)s guesses left") % {"left": entry.data.get("guesses_left", 0)}
    if entry.event_type in ASKING:
        return entry.data.get("typed", "")
    return entry.actor_name


def _queued(challenge: Challenge, entry: Entry) -> Step:
    """Return what follows a request: a message on its way, or why there is none."""
    if not entry.data.get("known"):
        why = _("Nobody on your list has this address.")
        return Step(entry.at, _("Nothing was sent"), why, COMPARE, "bad", "no-symbol")
    if not entry.data.get("sendable"):
        why = _("Nothing on file can receive a code this way.")
        then = _("Check the mobile number on the card: confirmed, and in a country you text to. Or use email.")
        return Step(entry.at, _("Nothing was sent"), why, then, "bad", "no-symbol")
    return Step(entry.at, QUEUED, "", _("It leaves within seconds by itself."), "wait", "queue-list")


def _texts(known: tuple[Words, Words, str, str]) -> tuple[Words, Words, Words, str, str]:
    title, next_step, tone, icon = known
    return title, "", next_step, tone, icon
