"""What does a call for support carry along? What happened and when, with nobody's address and no code."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.activity.verbs import Verb
from portal.help.attempts import Attempt
from portal.help.sheets import Sheet
from portal.messaging import suppressions
from tenants import tickets
from tenants.models import Business, Ticket
from tenants.staff.actor import Staff


@transaction.atomic
def call_support(*, business: Business, sheet: Sheet, staff: Staff, now: datetime) -> tuple[Ticket, bool]:
    """Open a ticket about a client with their timeline attached; return it, and whether it is a new one."""
    with translation.override("en"):
        snapshot, subject = snapshot_of(sheet), _("Code missing: %(what)s") % {"what": sheet.verdict.title}
    facts: dict[str, Any] = {"about_id": sheet.client.pk, "snapshot": snapshot, "person_id": staff.person_id}
    ticket, is_new = tickets.open_ticket(business=business, subject=subject[:160], now=now, **facts)
    if is_new:
        about = {"client": sheet.client, "subject_id": ticket.pk}
        activity.record(Verb.TICKET_OPENED, at=now, **about, **activity.by(staff))
    return ticket, is_new


def snapshot_of(sheet: Sheet) -> dict[str, Any]:
    """Return what staff see, in words that may leave the business: addresses masked, names left out."""
    return {
        "taken_at": sheet.now.isoformat(),
        "client": {"status": sheet.client.status, "addresses": [hit.masked for hit in sheet.on_file]},
        "suppressed": [
            {"address": suppressions.masked(one), "reason": one.reason, "since": one.since.isoformat()}
            for one in sheet.suppressed
        ],
        "attempts": [_attempt(attempt) for attempt in sheet.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": str(attempt.challenge.pk),
        "typed": attempt.typed,
        "channels": attempt.challenge.channels,
        "steps": [f"{step.at.isoformat()} {step.title} {step.detail}".strip() for step in attempt.steps],
        "lines": [_line(entry) for entry in attempt.entries],
    }


def _line(entry) -> dict[str, Any]:
    kept = ("channel", "provider", "reason", "known", "sendable", "guesses_left")
    return {"at": entry.at.isoformat(), "verb": entry.verb} | {k: v for k, v in entry.data.items() if k in kept}
