"""Machines whose clocks differ: the database's clock alone says what has expired."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from dramatiq import Message
from dramatiq.broker import MessageProxy
from dramatiq.middleware import SkipMessage

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from tenants import database_clock, outbox
from tenants.context import use_business
from tenants.models import Channel, Delivery, Queue
from tenants.staff import known_browsers
from tenants.staff.session_store import SessionStore
from tests.factories import create_member
from workers import queue
from workers.actors.delivery_jobs import deliver_now
from workers.dramatiq_middleware import MessageAgeLimit
from workers.queue import enqueueing

pytestmark = pytest.mark.slow

FIVE_MINUTES = timedelta(minutes=5)
SKEWS = [pytest.param(-FIVE_MINUTES, id="5 minutes behind"), pytest.param(FIVE_MINUTES, id="5 minutes ahead")]


@pytest.fixture
def set_machine_clock(time_machine, monkeypatch):
    """Return a function that sets this machine's clock to a wrong time, so that the database's is another."""

    def set_machine_clock(skew: timedelta) -> None:
        time_machine.move_to(datetime.now(UTC), tick=True)
        time_machine.shift(skew)
        monkeypatch.setattr(database_clock, "_clock", database_clock.DatabaseClock(database_clock.measure_offset))

    return set_machine_clock


@pytest.fixture
def code_requested(acme, ana, open_visitor, time_machine):
    """Return a function that gives a browser and its code, requested some time ago on a machine that was right."""

    def code_requested(*, ago: timedelta):
        real_time = datetime.now(UTC)
        time_machine.move_to(real_time - ago, tick=True)
        visitor = open_visitor(acme)
        visitor.request_code()
        code = visitor.code()
        time_machine.move_to(datetime.now(UTC) + ago, tick=True)
        return visitor, code

    return code_requested


@pytest.mark.parametrize("skew", SKEWS)
def test_a_code_is_accepted_until_its_ten_minutes_are_over_in_the_database(code_requested, set_machine_clock, skew):
    visitor, code = code_requested(ago=timedelta(minutes=9, seconds=45))
    set_machine_clock(skew)

    assert visitor.submit_code(code).status_code == 302


@pytest.mark.parametrize("skew", SKEWS)
def test_a_code_is_refused_once_its_ten_minutes_are_over_in_the_database(code_requested, set_machine_clock, skew):
    visitor, code = code_requested(ago=timedelta(minutes=10, seconds=1))
    set_machine_clock(skew)

    assert visitor.submit_code(code).status_code != 302


@pytest.mark.parametrize("skew", SKEWS)
def test_a_machine_with_a_wrong_clock_takes_over_no_lease_of_another(acme, now, set_machine_clock, skew):
    with use_business(acme):
        message = messaging.build_message(
            AccessMessageKind.ACCESS_ENDED, channel=Channel.EMAIL, to="ana@example.com", now=now
        )
        messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now + timedelta(hours=1), now=now)
    delivery = Delivery.objects.get(message_id=message.pk)
    outbox.claim_delivery(delivery.pk, now)
    set_machine_clock(skew)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert delivery.attempt == 1


@pytest.mark.parametrize("skew", SKEWS)
def test_a_staff_session_expires_by_the_clock_of_the_database(db, now, settings, set_machine_clock, skew):
    session = SessionStore()
    session["name"] = "Sam"
    session.save()
    rows = session.model.objects.filter(session_key=session.session_key)
    set_machine_clock(skew)

    rows.update(expire_date=now + timedelta(minutes=1))
    assert SessionStore(session.session_key).get("name") == "Sam"
    rows.update(expire_date=now - timedelta(minutes=1))
    assert SessionStore(session.session_key).get("name") is None


@pytest.mark.parametrize("skew", SKEWS)
@pytest.mark.parametrize(("since_sign_in", "is_known"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False)])
def test_a_browser_is_known_as_long_by_the_clock_of_the_database(
    acme, rf, now, settings, set_machine_clock, skew, since_sign_in, is_known
):
    person, response = create_member(acme, "staff").person, HttpResponse()
    signed_in_at = now - settings.RECOGNISED_BROWSER_LIFETIME - since_sign_in
    set_machine_clock(skew)
    known_browsers.remember_browser(rf.get("/"), response, person, now=signed_in_at)
    request = rf.get("/")
    request.COOKIES[known_browsers.COOKIE] = response.cookies[known_browsers.COOKIE].value

    assert known_browsers.is_known_browser(request, person, now=database_clock.now()) is is_known


def test_who_signs_in_after_somebody_else_does_not_prolong_how_long_that_browser_is_known(acme, rf, now, settings):
    sam, kim = create_member(acme, "staff").person, create_member(acme, "staff").person
    request = rf.get("/")
    for person, at in ((sam, now), (kim, now + settings.RECOGNISED_BROWSER_LIFETIME / 2)):
        response = HttpResponse()
        known_browsers.remember_browser(request, response, person, now=at)
        request.COOKIES[known_browsers.COOKIE] = response.cookies[known_browsers.COOKIE].value
    later = now + settings.RECOGNISED_BROWSER_LIFETIME + timedelta(minutes=1)

    assert [known_browsers.is_known_browser(request, person, now=later) for person in (sam, kim)] == [False, True]


@pytest.mark.parametrize("skew", SKEWS)
def test_a_message_is_as_old_as_the_clock_of_the_database_says(redis_db, db, acme, set_machine_clock, skew):
    set_machine_clock(skew)
    queue.enqueue_job("run_job_at_business", queue=Queue.BULK, max_age=timedelta(minutes=2), business_id=acme.pk)
    [stored] = redis_db.hvals("dramatiq:bulk.msgs")
    broker = enqueueing.get_broker()

    # The worker's clock is as wrong the other way.
    set_machine_clock(-2 * skew)

    message = Message.decode(stored)
    MessageAgeLimit().before_process_message(broker, MessageProxy(message))
    too_old = message.copy(message_timestamp=message.message_timestamp - 121_000)
    with pytest.raises(SkipMessage):
        MessageAgeLimit().before_process_message(broker, MessageProxy(too_old))
