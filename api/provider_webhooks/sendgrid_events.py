"""Reads the elements of SendGrid's event batches, each for itself and whatever types its fields have.

SendGrid repeats a batch that is not accepted for a day, so one odd element must not cost the others.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal.messaging import failure_reasons
from portal.messaging.suppressions import SUPPRESSING_REASONS
from tenants.event_matching import ReportedEvent
from tenants.models import DeliveryState, UnreadableReason
from tenants.unreadable_events import UnreadableElement, describe_fields

DELIVERY_STATES = {
    "processed": DeliveryState.ACCEPTED,
    "deferred": DeliveryState.DEFERRED,
    "delivered": DeliveryState.DELIVERED,
    "bounce": DeliveryState.BOUNCED,
    "blocked": DeliveryState.BOUNCED,
    "dropped": DeliveryState.BOUNCED,
}
STATES_WITH_REASON = (DeliveryState.DEFERRED, DeliveryState.BOUNCED)
# They say nothing about the delivery. What follows from a complaint is reported with the next mail, as dropped.
IGNORED_EVENTS = {"open", "click", "spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe"}
EVENT_ID = re.compile(r"[!-~]{1,120}")
# The fields whose types tell operators what an element looked like; others could name people.
KNOWN_FIELDS = (
    "event timestamp email sg_event_id sg_message_id smtp-id delivery_id type status reason response attempt"
).split()
# Numbers this long are no times and no ids; reading them digit by digit would take for ever.
MAX_DIGITS = 18
# Times above are in milliseconds: as seconds they would be in the year 5138.
MILLISECONDS_FROM = 100_000_000_000
MAX_TEXT = 1000
# The tokens that tell where an element of a batch ends; what stands in a string doesn't.
STRUCTURE = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[\[\]{},]', re.DOTALL)


def parse_batch(body: bytes, *, now: datetime) -> Iterator[ReportedEvent | UnreadableElement | None]:
    """Yield what each element of a batch reports: an event, None if it says nothing about a delivery, or unreadable."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        batch = json.loads(text, parse_int=_parse_integer)
    except ValueError:
        yield UnreadableElement("sendgrid", UnreadableReason.NOT_JSON)
    except RecursionError:
        yield from _parse_elements_of_deep_batch(text, now=now)
    else:
        for element in batch if isinstance(batch, list) else [batch]:
            yield _parse_unless_too_deep(element, now=now)


def _parse_elements_of_deep_batch(text: str, *, now: datetime) -> Iterator[ReportedEvent | UnreadableElement | None]:
    """Yield what the elements report of a batch of which one is nested too deeply to read the batch as a whole."""
    elements = _split_batch(text)
    if not elements:
        yield UnreadableElement("sendgrid", UnreadableReason.NOT_JSON)
    for element_text in elements:
        try:
            element = json.loads(element_text, parse_int=_parse_integer)
        except ValueError:
            yield UnreadableElement("sendgrid", UnreadableReason.NOT_JSON)
        except RecursionError:
            yield UnreadableElement("sendgrid", UnreadableReason.TOO_DEEP)
        else:
            yield _parse_unless_too_deep(element, now=now)


def _split_batch(text: str) -> list[str]:
    """Return the texts of the elements of a JSON array; nothing if it is none, or not closed."""
    elements, depth, start = [], 0, 0
    for token in STRUCTURE.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0] == "[" and depth == 1:
            start = token.end()
        elif (token[0] == "," and depth == 1) or (token[0] == "]" and depth == 0):
            elements.append(text[start : token.start()])
            start = token.end()
    return elements if depth == 0 and text.lstrip().startswith("[") else []


def _parse_unless_too_deep(element: Any, *, now: datetime) -> ReportedEvent | UnreadableElement | None:
    try:
        return _parse_element(element, now=now)
    except RecursionError:
        return UnreadableElement("sendgrid", UnreadableReason.TOO_DEEP)


def _parse_element(element: Any, *, now: datetime) -> ReportedEvent | UnreadableElement | None:
    if not isinstance(element, dict):
        return UnreadableElement("sendgrid", UnreadableReason.NOT_AN_OBJECT, fields=type(element).__name__)
    name = _read_text(element, "event").strip().lower()
    if name in IGNORED_EVENTS:
        return None
    if name not in DELIVERY_STATES:
        return UnreadableElement(
            "sendgrid", UnreadableReason.UNKNOWN_EVENT, event=name, fields=describe_fields(element, KNOWN_FIELDS)
        )
    return _build_event(element, name, now=now)


def _build_event(element: dict[str, Any], name: str, *, now: datetime) -> ReportedEvent:
    state = DELIVERY_STATES[name]
    reason = _derive_reason_code(element, name) if state in STATES_WITH_REASON else ""
    return ReportedEvent(
        provider="sendgrid",
        event_id=_read_event_id(element),
        state=state,
        reason=reason,
        happened_at=_read_time(element.get("timestamp"), now=now),
        delivery_id=_read_delivery_id(element),
        message_id=_read_text(element, "sg_message_id"),
        address=_read_text(element, "email"),
        concerns_mailbox=reason in SUPPRESSING_REASONS,
        fields=describe_fields(element, KNOWN_FIELDS),
    )


def _derive_reason_code(element: dict[str, Any], name: str) -> str:
    return failure_reasons.map_sendgrid_event(
        event=name,
        kind="blocked" if name == "blocked" else _read_text(element, "type").lower(),
        text=_read_text(element, "reason") or _read_text(element, "response"),
        status=_read_text(element, "status"),
    )


def _read_event_id(element: dict[str, Any]) -> str:
    """Return the element's id; without a usable one an id derived from all it says, so that a repeat has the same."""
    event_id = _read_text(element, "sg_event_id")
    if EVENT_ID.fullmatch(event_id):
        return event_id
    text = json.dumps(element, sort_keys=True)  # in ASCII: text that is no Unicode becomes escapes
    return f"derived:{hashlib.sha256(text.encode()).hexdigest()}"


def _read_delivery_id(element: dict[str, Any]) -> UUID | None:
    try:
        return UUID(_read_text(element, "delivery_id"))
    except ValueError:
        return None


def _read_time(value: Any, *, now: datetime) -> datetime:
    """Return the time that a number or its text says, in seconds or milliseconds; now if it is none or to come."""
    try:
        seconds = math.nan if isinstance(value, bool) else float(value)
        happened_at = datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return min(happened_at, now) if seconds > 0 else now


def _read_text(element: dict[str, Any], name: str) -> str:
    """Return a field as text, whatever its type; empty if it is missing or null."""
    value = element.get(name)
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value))[:MAX_TEXT]


def _parse_integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)
