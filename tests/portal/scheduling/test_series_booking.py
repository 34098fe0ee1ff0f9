"""A series is booked whole or not at all, and its times are right on both sides of every clock change."""

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.console.staff_booking import build_staff_rules
from portal.scheduling.models import Appointment, AppointmentReminder, AppointmentSeries, CalendarEntry
from portal.scheduling.recurrence import InvalidRepeatRule, RepeatRule, TooManyOccurrences
from portal.scheduling.services import series
from portal.scheduling.services.series import NoTimeLeft, OccurrenceProblem, SeriesPlan, SeriesTimesTaken
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import BERLIN, MONDAY, NOW, RULES, at

pytestmark = pytest.mark.usefixtures("in_acme")

SIX_WEEKS = RepeatRule(count=6)


@pytest.fixture
def query(in_acme):
    """The times of a massage with Mona, as staff see them."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, rules=build_staff_rules(RULES))


@pytest.fixture
def client():
    """A client, who books."""
    return ClientFactory(name="Ana Pereira", email="ana@example.com")


@pytest.fixture
def book_series(client, staff):
    """Return a function that books a series for the client."""

    def book_series(plan, **fields):
        return series.book_series(plan, client=client, staff=staff, now=NOW, **fields)

    return book_series


def plan_mondays(query, *, rule=SIX_WEEKS, hour=10, **fields) -> SeriesPlan:
    """Return the plan of Mondays at ten in Berlin."""
    first = datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour)  # noqa: DTZ001
    return SeriesPlan(query, first, BERLIN, rule, **fields)


def list_starts(booked: AppointmentSeries) -> list[datetime]:
    """Return the starts of a series's appointments."""
    return list(booked.appointments.order_by("series_position").values_list("starts_at", flat=True))


def test_six_mondays_are_booked_and_confirmed(query, book_series):
    booked = book_series(plan_mondays(query), note="Back pain")
    assert list_starts(booked) == [at(10, days=7 * week) for week in range(6)]
    found = booked.appointments.order_by("series_position")
    assert [each.series_position for each in found] == list(range(6))
    assert {(each.state, each.note, each.source) for each in found} == {("confirmed", "Back pain", "staff")}
    assert CalendarEntry.objects.filter(is_active=True, seats_taken=1).count() == 6


def test_nothing_is_booked_while_one_time_is_taken_and_it_is_named(query, book_series):
    rows.book(query, at(10, days=14))
    with pytest.raises(SeriesTimesTaken) as caught:
        book_series(plan_mondays(query))
    assert [(one.starts_at, one.problem) for one in caught.value.taken] == [
        (at(10, days=14), OccurrenceProblem.CALENDAR_TAKEN)
    ]
    assert not AppointmentSeries.objects.exists()
    assert CalendarEntry.objects.count() == 1


def test_a_taken_time_is_skipped_with_consent(query, book_series):
    rows.book(query, at(10, days=14))
    booked = book_series(plan_mondays(query, skipped=frozenset([at(10, days=14)])))
    assert list(booked.appointments.order_by("series_position").values_list("series_position", flat=True)) == [
        0,
        1,
        3,
        4,
        5,
    ]


def test_a_time_that_was_taken_after_the_consent_asks_again(query, book_series):
    rows.book(query, at(10, days=14))
    rows.book(query, at(10, days=21))
    with pytest.raises(SeriesTimesTaken) as caught:
        book_series(plan_mondays(query, skipped=frozenset([at(10, days=14)])))
    assert [one.position for one in caught.value.taken] == [2, 3]
    assert not AppointmentSeries.objects.exists()


def test_consent_to_a_time_that_is_none_of_the_series_is_refused(query, book_series):
    with pytest.raises(series.UnknownOccurrence):
        book_series(plan_mondays(query, skipped=frozenset([at(11, days=14)])))


def test_skipping_all_times_books_nothing(query, book_series):
    with pytest.raises(NoTimeLeft):
        book_series(plan_mondays(query, rule=RepeatRule(count=1), skipped=frozenset([at(10)])))


def test_two_sends_of_one_page_are_one_series(query, book_series):
    key = uuid.uuid4()
    first, second = (book_series(plan_mondays(query), request_key=key) for _send in range(2))
    assert first.pk == second.pk
    assert Appointment.objects.count() == 6


@pytest.mark.parametrize(
    "rule", [RepeatRule(count=105), RepeatRule(until_on=date(2029, 2, 1)), RepeatRule(interval_weeks=53, count=3)]
)
def test_more_than_two_years_are_refused(query, book_series, rule):
    with pytest.raises(TooManyOccurrences):
        book_series(plan_mondays(query, rule=rule))


def test_an_end_before_the_first_time_is_refused(query, book_series):
    with pytest.raises(InvalidRepeatRule):
        book_series(plan_mondays(query, rule=RepeatRule(until_on=date(2027, 1, 10))))


def test_sundays_at_three_in_chicago_stay_at_three(in_acme, book_series):
    calendar = rows.create_calendar(time_zone="America/Chicago")
    query = rows.build_query(rows.create_service(calendar), calendar, rules=build_staff_rules(RULES))
    plan = SeriesPlan(query, datetime(2027, 2, 28, 15, 0), "America/Chicago", SIX_WEEKS)  # noqa: DTZ001
    starts = list_starts(book_series(plan))
    assert {start.astimezone(ZoneInfo("America/Chicago")).hour for start in starts} == {15}
    assert [start.hour for start in starts] == [21, 21, 20, 20, 20, 20]


def test_mornings_in_new_york_stay_mornings_in_march_and_november(in_acme, book_series):
    calendar = rows.create_calendar(time_zone="America/New_York")
    query = rows.build_query(rows.create_service(calendar), calendar, rules=build_staff_rules(RULES))
    rule = RepeatRule(until_on=date(2027, 11, 8))
    starts = list_starts(book_series(SeriesPlan(query, datetime(2027, 3, 8, 9, 0), "America/New_York", rule)))  # noqa: DTZ001
    local = [start.astimezone(ZoneInfo("America/New_York")) for start in starts]
    assert {(start.hour, start.minute) for start in local} == {(9, 0)}
    assert {date(2027, 3, 15), date(2027, 11, 8)} <= {start.date() for start in local}


def test_a_time_that_clocks_skip_is_shifted_and_named(in_acme, client):
    calendar = rows.create_calendar(hours=(0, 1440))
    query = rows.build_query(rows.create_service(calendar), calendar, rules=build_staff_rules(RULES))
    plan = SeriesPlan(query, datetime(2027, 3, 21, 2, 30), BERLIN, RepeatRule(count=3))  # noqa: DTZ001
    found = series.list_planned_occurrences(plan, client_id=client.pk, now=NOW)
    assert [(one.starts_at, one.is_shifted) for one in found][1] == (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), True)
    assert [one.is_shifted for one in found] == [False, True, False]


def test_anybody_is_whoever_is_free_most_often(query, book_series):
    timo = rows.create_calendar("Timo")
    query.service.calendars.add(timo)
    rows.book(query, at(10, days=14))
    anybody = rows.build_query(query.service, rules=query.rules)
    assert book_series(plan_mondays(anybody)).calendar == timo


def test_a_client_has_one_seat_in_each_class(in_acme, client, book_series):
    calendar = rows.create_calendar()
    group = rows.build_query(rows.create_service(calendar, capacity=5), calendar, rules=build_staff_rules(RULES))
    rows.book(group, at(10, days=7), client=client)
    with pytest.raises(SeriesTimesTaken) as caught:
        book_series(plan_mondays(group))
    assert [(one.position, one.problem) for one in caught.value.taken] == [(1, OccurrenceProblem.HAS_SEAT)]


def test_rooms_are_reserved_and_a_taken_one_is_named(in_acme, book_series):
    room, mona, timo = rows.create_resource(), rows.create_calendar(), rows.create_calendar("Timo")
    here, there = (
        rows.build_query(rows.create_service(each, resources=(room,)), each, rules=build_staff_rules(RULES))
        for each in (mona, timo)
    )
    book_series(plan_mondays(here))
    with pytest.raises(SeriesTimesTaken) as caught:
        book_series(plan_mondays(there))
    assert {one.problem for one in caught.value.taken} == {OccurrenceProblem.RESOURCE_TAKEN}
    assert len(caught.value.taken) == 6


def test_a_hold_that_has_ended_is_in_nobodys_way(query, client, staff):
    rows.hold(query, at(10, days=7))
    later = NOW + timedelta(minutes=11)
    booked = series.book_series(plan_mondays(query), client=client, staff=staff, now=later)
    assert booked.appointments.count() == 6


def test_each_appointment_has_its_entry_reminders_and_session(query, client, book_series, staff):
    package_rows.give(client, query.service, staff=staff)
    booked = book_series(plan_mondays(query))
    keys = set(booked.appointments.values_list("pk", flat=True))
    assert (
        set(Entry.objects.filter(event_type="scheduling.appointment-confirmed").values_list("subject_id", flat=True))
        == keys
    )
    assert Entry.objects.filter(event_type="scheduling.series-booked", subject_id=booked.pk).count() == 1
    assert set(AppointmentReminder.objects.values_list("appointment_id", flat=True)) == keys
    assert Appointment.objects.filter(package_sessions__state="reserved").exists()


def test_a_series_of_a_year_takes_as_many_statements_as_one_of_two_weeks(
    query, book_series, django_assert_max_num_queries, django_assert_num_queries
):
    services.get_scheduling_settings(query.business)
    with django_assert_max_num_queries(40) as short:
        book_series(plan_mondays(query, rule=RepeatRule(count=2)))
    with django_assert_num_queries(len(short)):
        book_series(plan_mondays(query, rule=RepeatRule(count=52), hour=14))
