"""What does a call for support carry along? What happened and when, with nobody's address and no code."""

from datetime import datetime
from typing import Any

from portal.messaging import suppressions
from portal.signin_support.attempts import Attempt
from portal.signin_support.finding import Finding
from portal.signin_support.sheets import Sheet


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


def snapshot_of_nobody(finding: Finding, attempts: list[Attempt], *, now: datetime) -> dict[str, Any]:
    """Return what may leave the business of what somebody typed: an address masked, a name not at all."""
    return {
        "taken_at": now.isoformat(),
        "typed": finding.identifier.masked if finding.identifier else "",
        "verdict": finding.verdict,
        "alike": len(finding.similar),
        "attempts": [_attempt(attempt) for attempt in attempts],
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
    return {"at": entry.at.isoformat(), "event_type": entry.event_type} | {
        k: v for k, v in entry.data.items() if k in kept
    }
