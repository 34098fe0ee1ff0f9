"""The steps of a sign-in attempt as staff read them, each with what to do next."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.kinds import AccessEvent
from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.messaging.failure_reasons import explain_failure_reason
from portal.messaging.kinds import MessagingEvent
from portal.messaging.presenters import get_match_label
from tenants.models import Channel

StrOrPromise = str | Promise


@dataclass(frozen=True)
class TimelineStep:
    """One thing that happened in an attempt.

    `tone` is calm, good, wait or bad; `detail` may be empty, `next_step` never is.
    """

    at: datetime
    title: StrOrPromise
    detail: StrOrPromise
    next_step: StrOrPromise
    tone: str = "calm"
    icon: str = "clock"


NOTHING_TO_DO = _("Nothing to do yet.")
START_OVER = _("Ask the client to start again on the sign-in page.")
COMPARE_SPELLING = _("Compare what the client entered with what is on file, letter by letter.")
# Title, next step, tone and icon for each event type. An empty next step comes from the provider's reason.
STEP_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise, str, str]] = {
    AccessEvent.CODE_REQUESTED: (_("Requested a code"), NOTHING_TO_DO, "calm", "cursor-arrow-rays"),
    AccessEvent.CODE_RESENT: (_("Requested another code"), NOTHING_TO_DO, "calm", "arrow-path"),
    AccessEvent.CODE_RESENT_BY_STAFF: (_("Staff sent another code"), NOTHING_TO_DO, "calm", "arrow-path"),
    AccessEvent.CODE_ISSUED: (
        _("Code issued in person"),
        _("It works for some minutes, in the client’s own browser only."),
        "calm",
        "hand-raised",
    ),
    MessagingEvent.POSTPONED: (_("Waiting for the provider"), "", "wait", "clock"),
    MessagingEvent.UNCLEAR: (_("The provider did not respond"), "", "wait", "question-mark-circle"),
    AccessEvent.CODE_SENT: (
        _("Accepted by the provider"),
        _("Wait three minutes; most codes need a few seconds."),
        "wait",
        "paper-airplane",
    ),
    MessagingEvent.ACCEPTED: (
        _("Accepted by the provider"),
        _("Wait three minutes; most codes need a few seconds."),
        "wait",
        "paper-airplane",
    ),
    MessagingEvent.DEFERRED: (_("Delayed by the receiving server"), "", "wait", "pause-circle"),
    MessagingEvent.BOUNCED: (_("Not delivered"), "", "bad", "x-circle"),
    MessagingEvent.FAILED: (_("Could not be sent"), "", "bad", "x-circle"),
    MessagingEvent.EXPIRED: (_("Not sent in time"), "", "bad", "x-circle"),
    AccessEvent.CODE_REJECTED: (
        _("Entered a wrong code"),
        _("Ask for the digits of the latest message. The last two codes work."),
        "wait",
        "exclamation-circle",
    ),
    AccessEvent.OLD_CODE_ENTERED: (
        _("Entered a code that no longer works"),
        _("Ask for the digits of the latest message, or send a new code."),
        "wait",
        "exclamation-circle",
    ),
    AccessEvent.CHALLENGE_LOCKED: (_("Too many wrong codes"), START_OVER, "bad", "lock-closed"),
}
DELIVERED_TEXTS: dict[str, tuple[StrOrPromise, StrOrPromise, str, str]] = {
    Channel.EMAIL: (
        _("Delivered to their mail server"),
        _("It is in their mailbox. Ask them to check the spam folder and “Promotions”."),
        "good",
        "check-circle",
    ),
    Channel.SMS: (
        _("Delivered to their phone"),
        _("Ask them to check messages from unknown senders."),
        "good",
        "check-circle",
    ),
}
QUEUED = _("Queued for sending")
REQUEST_EVENTS = (AccessEvent.CODE_REQUESTED, AccessEvent.CODE_RESENT, AccessEvent.CODE_RESENT_BY_STAFF)


def build_timeline_steps(challenge: Challenge, entries: list[Entry]) -> list[TimelineStep]:
    """Return an attempt's steps from its timeline entries, the oldest first."""
    steps = []
    for entry in entries:
        if (step := _build_step_from_entry(entry)) is not None:
            steps.append(step)
        if entry.event_type in REQUEST_EVENTS:
            steps.append(_build_queued_step(challenge, entry))
    return steps or [TimelineStep(challenge.created_at, *_insert_empty_detail(STEP_TEXTS[AccessEvent.CODE_REQUESTED]))]


def build_final_timeline_step(challenge: Challenge, *, now: datetime) -> TimelineStep | None:
    """Return how an attempt ended, or None while it is open or where its last timeline entry says so already."""
    if challenge.verified_at:
        then = _("The client is signed in. Nothing more to do.")
        return TimelineStep(challenge.verified_at, _("Used: the code was correct"), "", then, "good", "check-circle")
    if challenge.failures >= settings.LOGIN_MAX_GUESSES:
        return None
    if challenge.closed_at:
        why = _("The card was changed, or the client can no longer sign in.")
        return TimelineStep(challenge.closed_at, _("Ended before a code was used"), why, START_OVER, "bad", "no-symbol")
    if challenge.expires_at <= now:
        return TimelineStep(challenge.expires_at, _("Expired unused"), "", START_OVER, "bad", "clock")
    return None


def _build_step_from_entry(entry: Entry) -> TimelineStep | None:
    reason = explain_failure_reason(entry.data["reason"]) if entry.data.get("reason") else None
    texts = (
        DELIVERED_TEXTS[entry.data.get("channel", Channel.EMAIL)]
        if entry.event_type == MessagingEvent.DELIVERED
        else STEP_TEXTS.get(entry.event_type)
    )
    if texts is None:
        return None
    title, next_step, tone, icon = texts
    detail = reason.text if reason else _build_entry_detail(entry)
    if label := get_match_label(entry.data.get("matched_by", "")):
        detail = f"{detail} {label}"
    return TimelineStep(
        entry.at, title, detail, next_step or (reason.next_step if reason else NOTHING_TO_DO), tone, icon
    )


def _build_entry_detail(entry: Entry) -> StrOrPromise:
    if entry.event_type == AccessEvent.CODE_REJECTED:
        return _("%(left)s attempts left") % {"left": entry.data.get("guesses_left", 0)}
    if entry.event_type in REQUEST_EVENTS:
        return entry.data.get("typed", "")
    return entry.actor_name


def _build_queued_step(challenge: Challenge, entry: Entry) -> TimelineStep:
    """Return the step after a request for a code: the queued message, or why there is none."""
    if not entry.data.get("known"):
        why = _("No client has this address.")
        return TimelineStep(entry.at, _("Nothing was sent"), why, COMPARE_SPELLING, "bad", "no-symbol")
    if not entry.data.get("sendable"):
        why = _("There is no address on file that can receive a code this way.")
        then = _("Check the mobile number on the card: it must be confirmed and in an enabled country. Or use email.")
        return TimelineStep(entry.at, _("Nothing was sent"), why, then, "bad", "no-symbol")
    return TimelineStep(entry.at, QUEUED, "", _("It is sent automatically within seconds."), "wait", "queue-list")


def _insert_empty_detail(
    texts: tuple[StrOrPromise, StrOrPromise, str, str],
) -> tuple[StrOrPromise, StrOrPromise, StrOrPromise, str, str]:
    title, next_step, tone, icon = texts
    return title, "", next_step, tone, icon
