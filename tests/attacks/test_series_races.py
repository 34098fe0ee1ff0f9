"""A series and single bookings of its times at the same moment: one of them wins, without an error or a deadlock."""

from datetime import datetime

import pytest

from portal.scheduling.models import Appointment
from portal.scheduling.recurrence import RepeatRule
from portal.scheduling.services import series
from portal.scheduling.services.series import ChangeScope, SeriesPlan, SeriesTimesTaken
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.test_double_booking import PARALLEL, REFUSALS, STAFF, assert_no_overlap
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, at

pytestmark = pytest.mark.usefixtures("committed_db")

SIX_WEEKS = RepeatRule(count=6)


def run_in_acme(acme, task, items) -> list:
    """Run a task for all items at once; return what each returned, None for those that were refused."""

    def attempt(item):
        with use_business(acme):
            try:
                return task(item)
            except (*REFUSALS, SeriesTimesTaken):
                return None

    return run_concurrently(attempt, items)


def book_series(query, *, client=None):
    """Book six Mondays at ten."""
    plan = SeriesPlan(query, datetime(2027, 1, 11, 10, 0), BERLIN, SIX_WEEKS)  # noqa: DTZ001
    return series.book_series(plan, client=client or ClientFactory(), staff=STAFF, now=NOW)


@pytest.fixture
def query(acme):
    """The times of one service in one calendar."""
    with use_business(acme):
        calendar = rows.create_calendar()
        return rows.build_query(rows.create_service(calendar), calendar, business=acme, days=60)


def test_a_series_and_a_single_booking_of_one_of_its_times_never_both_win(acme, query):
    def book(number: int):
        return book_series(query) if number == 0 else rows.hold(query, at(10, days=7 * (number % 6)))

    results = run_in_acme(acme, book, range(PARALLEL))
    with use_business(acme):
        in_series = Appointment.objects.filter(series__isnull=False).count()
        held = Appointment.objects.filter(state="held").count()
    assert (in_series, held) in ((6, 0), (0, 6))
    assert bool(results[0]) == (in_series == 6)
    assert_no_overlap(acme)


def test_one_of_200_series_and_single_bookings_has_a_time(acme, query):
    def book(number: int):
        return book_series(query) if number % 2 else rows.hold(query, at(10, days=14))

    won = [result for result in run_in_acme(acme, book, range(PARALLEL)) if result]
    assert len(won) == 1
    assert_no_overlap(acme)


def test_seats_of_a_class_are_booked_and_cancelled_in_series_without_a_deadlock(acme):
    with use_business(acme):
        calendar = rows.create_calendar()
        group = rows.build_query(rows.create_service(calendar, capacity=50), calendar, business=acme, days=60)
        booked = [book_series(group) for _number in range(20)]

    def change(number: int):
        if number % 2:
            return book_series(group)
        first = booked[number // 2].appointments.earliest("series_position")
        return series.cancel_series_appointments(appointment=first, scope=ChangeScope.ALL, staff=STAFF, now=NOW)

    assert all(run_in_acme(acme, change, range(40)))
    with use_business(acme):
        assert Appointment.objects.filter(state="confirmed").count() == 120
