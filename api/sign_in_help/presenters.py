"""What the API shows of attempts, addresses and diagnostics."""

from typing import Any

from api.clients.client_references import present_client_reference
from portal.clients.models import Contact
from portal.messaging import suppressions
from portal.messaging.failure_reasons import explain_failure_reason
from portal.messaging.models import Suppression
from portal.signin_support.client_lookup import ELIGIBILITY_LABELS, LookupMatch, SignInEligibility
from portal.signin_support.lookups import Lookup
from portal.signin_support.sign_in_attempts import SignInAttempt
from portal.signin_support.sign_in_diagnostics import AddressStatus, SignInDiagnostics
from portal.signin_support.timeline_steps import TimelineStep


def present_diagnostics(diagnostics: SignInDiagnostics) -> dict[str, Any]:
    """Return what the API shows of a client's diagnostics."""
    return {
        "client": present_client_reference(diagnostics.client),
        "status": diagnostics.client.status,
        "may_sign_in": diagnostics.may_sign_in,
        "diagnosis": _present_step(diagnostics.diagnosis),
        "addresses": [_present_checked_address(address) for address in diagnostics.addresses],
        "attempts": [_present_attempt(attempt) for attempt in diagnostics.attempts],
        "near_misses": [{"identifier_masked": masked, "at": at} for masked, at in diagnostics.near_misses],
        "outages": [{"channel": one.channel, "started_at": one.started_at} for one in diagnostics.outages],
    }


def present_lookup(lookup: Lookup) -> dict[str, Any]:
    """Return what the API shows of a look-up."""
    result, advice = lookup.result, lookup.advice
    return {
        "outcome": str(result.lookup_outcome),
        "title": str(advice.title),
        "next_step": str(advice.next_step),
        "exact": [_present_match(match) for match in result.exact],
        "similar": [_present_match(match) for match in result.similar],
        "attempts": [_present_attempt(attempt) for attempt in lookup.attempts],
    }


def _present_attempt(attempt: SignInAttempt) -> dict[str, Any]:
    return {
        "id": attempt.challenge.pk,
        "started_at": attempt.challenge.created_at,
        "identifier_masked": attempt.masked_identifier,
        "state": _find_state(attempt),
        "channel": attempt.channel,
        "sends_left": attempt.sends_left,
        "delivery_problem": attempt.delivery_problem,
        "steps": [_present_step(step) for step in attempt.steps],
    }


def _present_match(match: LookupMatch) -> dict[str, Any]:
    address = _present_address(match.contact, match.eligibility) if match.contact else None
    return {"client": present_client_reference(match.client), "address": address}


def _find_state(attempt: SignInAttempt) -> str:
    if attempt.accepts_code:
        return "in_progress"
    return "signed_in" if attempt.challenge.verified_at else "ended"


def _present_step(step: TimelineStep) -> dict[str, Any]:
    texts = {name: str(getattr(step, name)) for name in ("title", "detail", "next_step")}
    return {"at": step.at, "tone": step.tone} | texts


def _present_address(contact: Contact, eligibility: SignInEligibility) -> dict[str, Any]:
    label = str(ELIGIBILITY_LABELS[eligibility])
    shown = {"id": contact.pk, "kind": contact.kind, "value": contact.value}
    return shown | {"eligibility": eligibility.value, "eligibility_text": label}


def _present_checked_address(address: AddressStatus) -> dict[str, Any]:
    suppression = _present_suppression(address.suppression) if address.suppression else None
    return _present_address(address.contact, address.eligibility) | {"suppression": suppression}


def _present_suppression(suppression: Suppression) -> dict[str, Any]:
    columns = ("id", "channel", "reason", "since", "removal_requested_at")
    return {name: getattr(suppression, name) for name in columns} | {
        "reason_text": str(explain_failure_reason(suppression.reason).text),
        "blocks_codes": suppressions.blocks_codes(suppression),
    }
