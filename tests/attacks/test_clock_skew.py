"""Machines whose clocks differ: the database's clock alone says what has expired."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from tenants import database_clock, outbox
from tenants.context import use_business
from tenants.models import Channel, Delivery, Queue
from tenants.staff.session_store import SessionStore
from workers.actors.delivery_jobs import deliver_now

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
