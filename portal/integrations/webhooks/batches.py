"""Sends what is due to one endpoint, and records what came of it.

A worker may be killed at any line: its lease ends, and its successor sends the same again, under the same id.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Event

from django.db import transaction

from portal.integrations.webhooks import disabling, endpoints
from portal.integrations.webhooks.events import load_events
from portal.integrations.webhooks.models import MAX_ANSWER_LENGTH, WebhookAttempt, WebhookEndpoint, WebhookEvent
from portal.integrations.webhooks.signatures import build_signed_headers
from tenants.context import use_business
from tenants.encryption import UndecryptableSecret
from tenants.models import WebhookDelivery
from tenants.webhooks import streams
from tenants.webhooks.destinations import (
    Destination,
    InvalidDestination,
    RefusedAddress,
    parse_destination,
    resolve_destination,
)
from tenants.webhooks.http_client import TIMEOUT_SECONDS, WebhookResponse, post_webhook
from tenants.webhooks.streams import StreamClaim

Clock = Callable[[], datetime]
# Where to connect to: what the URL names, and the addresses of its host, the one that was reached last first.
Target = tuple[Destination, list[str]]

USER_AGENT = "Portico-Webhooks/1.0"
# The waits after each failed attempt: 24 hours in all. Then an event is given up.
RETRY_DELAYS = [
    *(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 6, 10)),
]
# So many events of different objects are sent to one endpoint at a time, and none is begun after so long.
PARALLEL_REQUESTS = 4
BATCH_SECONDS = 5.0


@dataclass(frozen=True)
class Outcome:
    """One attempt to send one event, or none for an event that is gone."""

    delivery: WebhookDelivery
    event: WebhookEvent | None
    response: WebhookResponse
    at: datetime


def send_batch(claim: StreamClaim, *, clock: Clock) -> int:
    """Send what is due on a leased stream, release it, and return how many attempts were made."""
    with use_business(claim.business):
        endpoint = WebhookEndpoint.objects.filter(pk=claim.endpoint_id, is_enabled=True).first()
        if endpoint is None:
            streams.end_stream(claim)
            return 0
        due = streams.list_due_deliveries(claim, clock())
        if not due:
            streams.postpone_held_up_deliveries(claim, clock())
        events = load_events([delivery.event_id for delivery in due], now=clock())
        outcomes = [*_send_deliveries(endpoint, due, events, clock)]
        _record_outcomes(claim, endpoint, outcomes, clock())
        return sum(outcome.event is not None for outcome in outcomes)


def _send_deliveries(
    endpoint: WebhookEndpoint, due: Sequence[WebhookDelivery], events: dict, clock: Clock
) -> list[Outcome]:
    """Send each event in some thread, and stop when one gets no answer: the others needn't wait for theirs as well."""
    # The threads measure the time by this: the clock may ask the database, on a connection that nobody would close.
    started, now = time.monotonic(), clock()
    signing_secrets, target = _prepare(endpoint, now=now)
    timeout = max(TIMEOUT_SECONDS - (time.monotonic() - started), 1.0)
    is_over = Event()

    def send(delivery: WebhookDelivery) -> Outcome | None:
        event = events.get(delivery.event_id)
        if event and (is_over.is_set() or time.monotonic() - started > BATCH_SECONDS):
            return None
        at, response = now + timedelta(seconds=time.monotonic() - started), WebhookResponse()
        if event:
            response = _send_event(target, event, signing_secrets, timeout, at)
            if response.status is None:
                is_over.set()
        return Outcome(delivery, event, response, at)

    if len(due) == 1:
        return [outcome for outcome in map(send, due) if outcome]
    with ThreadPoolExecutor(PARALLEL_REQUESTS, thread_name_prefix="webhook") as pool:
        return [outcome for outcome in pool.map(send, due) if outcome]


def _prepare(endpoint: WebhookEndpoint, *, now: datetime) -> tuple[list[str], Target | WebhookResponse]:
    """Return the secrets that sign, and where to connect to, or why nothing can be sent."""
    try:
        return endpoints.list_signing_secrets(endpoint, now=now), _resolve(endpoint.url)
    except UndecryptableSecret:
        return [], WebhookResponse(error="unreadable-secret")


def _resolve(url: str) -> Target | WebhookResponse:
    """Return where to connect to, or why nowhere."""
    try:
        destination = parse_destination(url)
        return destination, resolve_destination(destination)
    except (InvalidDestination, RefusedAddress) as error:
        return WebhookResponse(error=str(error))


def _send_event(
    target: Target | WebhookResponse,
    event: WebhookEvent,
    signing_secrets: Sequence[str],
    timeout: float,
    now: datetime,
) -> WebhookResponse:
    if isinstance(target, WebhookResponse):
        return target
    headers = build_signed_headers(str(event.pk), event.body, signing_secrets, user_agent=USER_AGENT, now=now)
    return post_webhook(*target, body=event.body.encode(), headers=headers, timeout=timeout)


@transaction.atomic
def _record_outcomes(claim: StreamClaim, endpoint: WebhookEndpoint, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Record all attempts and release the stream, unless another worker has leased it meanwhile."""
    attempted = _list_attempted(outcomes)
    reached = any(outcome.response.succeeded for outcome in attempted) if attempted else None
    if not streams.release_stream(claim, reached=reached, now=now):
        return
    done = [each.delivery.pk for each in outcomes if each not in attempted or each.response.succeeded]
    retried = []
    for outcome in attempted:
        delivery = outcome.delivery
        next_at = None if outcome.response.succeeded else _get_next_time(delivery, outcome.response, now)
        delivery.attempts += 1
        if next_at:
            delivery.due_at = next_at
            retried.append(delivery)
        elif not outcome.response.succeeded:
            done.append(delivery.pk)
    WebhookAttempt.objects.bulk_create(_build_attempt(endpoint, outcome) for outcome in attempted)
    streams.complete_deliveries(done)
    streams.reschedule_deliveries(retried)
    disabling.update_health(endpoint, [outcome.response for outcome in attempted], now=now)


def _list_attempted(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the attempts that can be recorded: an erasure may have removed an event while it was sent."""
    sent = WebhookEvent.objects.filter(pk__in=[outcome.event.pk for outcome in outcomes if outcome.event])
    present = set(sent.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.event and outcome.event.pk in present]


def _get_next_time(delivery: WebhookDelivery, response: WebhookResponse, now: datetime) -> datetime | None:
    """Return when a failed event is sent again, or None if it is given up."""
    if response.status == HTTPStatus.GONE or delivery.attempts >= len(RETRY_DELAYS):
        return None
    return now + RETRY_DELAYS[delivery.attempts]


def _build_attempt(endpoint: WebhookEndpoint, outcome: Outcome) -> WebhookAttempt:
    is_retried = not outcome.response.succeeded and outcome.delivery.due_at > outcome.at
    return WebhookAttempt(
        endpoint=endpoint,
        event=outcome.event,
        number=outcome.delivery.attempts,
        at=outcome.at,
        url=endpoint.url,
        duration_ms=outcome.response.duration_ms,
        succeeded=outcome.response.succeeded,
        status=outcome.response.status,
        error=outcome.response.error,
        answer=outcome.response.text[:MAX_ANSWER_LENGTH],
        next_attempt_at=outcome.delivery.due_at if is_retried else None,
    )
