"""Tests that every process tells the time by the database's clock, at the cost of one statement a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tenants import database_clock
from tenants.database_clock import DatabaseClock, measure_offset

TOLERANCE = timedelta(seconds=2)


@pytest.fixture
def build_clock():
    """Return a function that builds a clock whose measurements give these offsets, in seconds, and their count."""

    def build_clock(*offsets: float | None) -> tuple[DatabaseClock, list]:
        left, measured = list(offsets), []

        def measure():
            measured.append(left.pop(0))
            return None if measured[-1] is None else timedelta(seconds=measured[-1])

        return DatabaseClock(measure), measured

    return build_clock


@pytest.fixture
def monotonic(monkeypatch):
    """Return a function that lets seconds pass on the clock that nobody can set, and on the machine's."""
    seconds = [1000.0]
    monkeypatch.setattr(database_clock.time, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(database_clock.time, "time", lambda: 1_800_000_000 + seconds[0])
    return lambda passed: seconds.__setitem__(0, seconds[0] + passed)


def read_database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("minutes", [-300, -5, 0, 5, 300])
def test_a_machine_whose_clock_is_wrong_tells_the_time_of_the_database(db, time_machine, minutes):
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=minutes), tick=True)

    assert abs(DatabaseClock(measure_offset).now() - read_database_time()) < TOLERANCE


def test_a_machine_whose_clock_is_set_while_it_runs_keeps_the_time_of_the_database(db, time_machine):
    clock = DatabaseClock(measure_offset)
    time_machine.move_to(datetime.now(UTC), tick=True)
    clock.now()
    time_machine.shift(timedelta(minutes=-5))

    assert abs(clock.now() - read_database_time()) < TOLERANCE


def test_reading_the_time_again_asks_the_database_nothing(db, django_assert_num_queries):
    clock = DatabaseClock(measure_offset)

    with django_assert_num_queries(1):
        for _reading in range(100):
            clock.now()


def test_the_difference_is_measured_once_a_minute(build_clock, monotonic):
    clock, measured = build_clock(5, 7)
    clock.now()
    monotonic(59)
    clock.now()
    assert measured == [5]
    monotonic(1)
    clock.now()

    assert measured == [5, 7]


def test_a_new_connection_has_the_difference_measured_again(build_clock, db, monkeypatch):
    clock, measured = build_clock(5, 7)
    monkeypatch.setattr(database_clock, "_clock", clock)
    database_clock.now()
    connection.init_connection_state()
    database_clock.now()

    assert measured == [5, 7]


def test_a_failed_measurement_keeps_the_last_difference_and_is_repeated_after_some_seconds(build_clock, monotonic):
    clock, measured = build_clock(3600, None, None, 7200)
    clock.now()
    monotonic(61)
    times = [clock.now(), clock.now()]
    monotonic(4)
    times.append(clock.now())
    assert measured == [3600, None]
    monotonic(1)
    times.append(clock.now())

    assert measured == [3600, None, None]
    assert all(time - timezone.now() > timedelta(minutes=59) for time in times)
    monotonic(5)
    assert clock.now() - timezone.now() > timedelta(minutes=119)


def test_a_first_measurement_that_fails_is_repeated_after_some_seconds(build_clock, monotonic):
    clock, measured = build_clock(None, 5)
    clock.now()
    clock.now()
    assert measured == [None]
    monotonic(5)
    clock.now()

    assert measured == [None, 5]


def test_the_time_can_be_read_in_a_failed_transaction(db):
    with transaction.atomic():
        transaction.set_rollback(True)

        assert abs(DatabaseClock(measure_offset).now() - timezone.now()) < TOLERANCE


def test_the_time_can_be_read_while_the_database_is_away(dead_connection):
    assert abs(DatabaseClock(measure_offset).now() - timezone.now()) < TOLERANCE
