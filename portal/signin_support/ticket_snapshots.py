"""Snapshots of the timeline for support tickets, without addresses, names or codes."""

from datetime import datetime
from typing import Any

from portal.activity.anonymisation import select_non_personal_data
from portal.activity.models import Entry
from portal.messaging import suppressions
from portal.signin_support.client_lookup import ClientLookupResult
from portal.signin_support.sign_in_attempts import SignInAttempt
from portal.signin_support.sign_in_diagnostics import SignInDiagnostics


def build_ticket_snapshot(diagnostics: SignInDiagnostics) -> dict[str, Any]:
    """Return what staff see of one client, in a form that may leave the business: addresses masked, names left out."""
    return {
        "taken_at": diagnostics.now.isoformat(),
        "client": {
            "status": diagnostics.client.status,
            "addresses": [address.masked for address in diagnostics.addresses],
        },
        "suppressions": [
            {"address": suppressions.mask_address(one), "reason": one.reason, "since": one.since.isoformat()}
            for one in diagnostics.active_suppressions
        ],
        "attempts": [_build_sign_in_attempt_data(attempt) for attempt in diagnostics.attempts],
    }


def build_ticket_snapshot_without_client(
    result: ClientLookupResult, attempts: list[SignInAttempt], *, now: datetime
) -> dict[str, Any]:
    """Return what may leave the business of text that is not on file: an address masked, a name not at all."""
    return {
        "taken_at": now.isoformat(),
        "typed": result.identifier.masked if result.identifier else "",
        "outcome": result.lookup_outcome,
        "similar": len(result.similar),
        "attempts": [_build_sign_in_attempt_data(attempt) for attempt in attempts],
    }


def _build_sign_in_attempt_data(attempt: SignInAttempt) -> dict[str, Any]:
    return {
        "id": str(attempt.challenge.pk),
        "typed": attempt.masked_identifier,
        "channels": attempt.challenge.channels,
        "steps": [f"{step.at.isoformat()} {step.title} {step.detail}".strip() for step in attempt.steps],
        "entries": [_build_entry_data(entry) for entry in attempt.entries],
    }


def _build_entry_data(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at.isoformat(), "event_type": entry.event_type} | select_non_personal_data(entry)
