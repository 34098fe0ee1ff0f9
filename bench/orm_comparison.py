"""What compiled queries and combined inserts gain, compared with the ORM.

The session of a signed-in client, with the client, is looked up by a query that was compiled once, and by the same
queryset evaluated anew. The three rows of a requested code (challenge, message, timeline entry) are inserted by one
statement, and by `save()` one after the other; each time in a transaction that is rolled back. Per call, in this
process.
"""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from bench import sample_businesses
from bench.benchmark_report import Measurement, at_least
from bench.timing_statistics import measure_medians
from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.access.services.sessions import query_live_session
from portal.activity.services import build_entry
from portal.messaging.services import build_message
from tenants.combined_writes import insert_all
from tenants.context import use_business
from tenants.models import Channel

ROUNDS = 15
CALLS = 300


def run_benchmark() -> list[Measurement]:
    """Measure both pairs in turn, inside one business."""
    now = timezone.now()
    with use_business(sample_businesses.get_business(sample_businesses.SLUGS[0])):
        return [_compare_session_lookups(now), _compare_inserts(now)]


def _compare_session_lookups(now: datetime) -> Measurement:
    session = ClientSession.objects.latest("created_at")
    ClientSession.objects.filter(pk=session.pk).update(ended_at=None, expires_at=now + timedelta(hours=1))
    digest = bytes(session.token_digest)
    assert query_live_session(token_digest=digest, now=now), "a lookup that finds nothing measures something else"
    compiled, evaluated = measure_medians(
        ROUNDS,
        lambda: _time_call(lambda: query_live_session(token_digest=digest, now=now)),
        lambda: _time_call(lambda: list(query_live_session.build(token_digest=digest, now=now))),
    )
    return _build_orm_comparison("look up a session", compiled, evaluated, target=1.5)


def _compare_inserts(now: datetime) -> Measurement:
    combined, separate = measure_medians(
        ROUNDS,
        lambda: _time_call(lambda: insert_all(*_build_challenge_rows(now)), is_write=True),
        lambda: _time_call(lambda: _save_rows(_build_challenge_rows(now)), is_write=True),
    )
    return _build_orm_comparison("insert the rows of a code", combined, separate, target=1.5)


def _build_orm_comparison(what: str, ours: float, theirs: float, *, target: float) -> Measurement:
    micro = [f"{seconds * 1_000_000:.0f} µs" for seconds in (ours, theirs)]
    return Measurement(what, micro[0], f"{micro[1]} (ORM)", theirs / ours, target=at_least(target))


def _time_call(call: Callable[[], object], *, is_write: bool = False) -> float:
    """Return the seconds that one call takes, on average."""
    with transaction.atomic():
        began = time.perf_counter()
        for _number in range(CALLS):
            call()
        seconds = (time.perf_counter() - began) / CALLS
        transaction.set_rollback(is_write)
    return seconds


def _save_rows(rows: list[models.Model]) -> None:
    for row in rows:
        row.save(force_insert=True)


def _build_challenge_rows(now: datetime) -> list[models.Model]:
    challenge = Challenge(
        browser_digest=uuid.uuid4().bytes * 2,
        identifier_digest=bytes(32),
        identifier_masked="c•••@example.com",
        identifier_kind="email",
        key_id="k1",
        created_at=now,
        expires_at=now + timedelta(minutes=20),
    )
    message = build_message(
        AccessMessageKind.SIGN_IN_CODE, channel=Channel.EMAIL, to="c@example.com", subject_id=challenge.pk, now=now
    )
    entry = build_entry(AccessEvent.CODE_REQUESTED, at=now, subject_id=challenge.pk, channel="email")
    return [challenge, message, entry]
