"""The times that clients are offered follow from what is stored, and are read in few statements."""

from datetime import date, timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import HoursException, ResourceKind, SchedulingSettings
from tests.captured_statements import capture_statements
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


def list_all(business, *, days: int = 30):
    """Return the times of all services."""
    found = list(services.query_services_with_needs())
    shared = {"business": business, "rules": SchedulingSettings(), "from_at": at(0), "until_at": at(0, days=days)}
    return services.list_slots_by_service(found, **shared, now=NOW)


def fill(number: int) -> None:
    """Add people with services, a room and a machine each, appointments, and days off."""
    for _person in range(number):
        calendar = rows.create_calendar(daily_limit=5)
        needs = (rows.create_resource(), rows.create_resource("Laser", ResourceKind.EQUIPMENT))
        service = rows.create_service(calendar, resources=needs)
        for hour in (9, 11):
            rows.book(rows.build_query(service), at(hour))
        HoursException.objects.create(calendar=calendar, starts_on=date(2027, 1, 12), ends_on=date(2027, 1, 12))


def test_a_month_of_all_services_takes_six_statements_however_many_there_are(in_acme):
    counts = []
    for number in (1, 5):
        fill(number)
        with capture_statements() as captured:
            found = list_all(in_acme)
        assert all(found.values())
        counts.append(len(captured.queries))
    assert counts == [6, 6]


def test_services_read_together_have_the_times_that_each_has_alone(in_acme):
    fill(3)
    found = list_all(in_acme, days=3)
    for service in services.query_services_with_needs():
        assert found[service.pk] == services.list_slots(rows.build_query(service, days=3), now=NOW)


def test_exceptions_close_days_and_add_hours():
    calendar = rows.create_calendar()
    query = rows.build_query(rows.create_service(calendar), days=3)
    HoursException.objects.create(starts_on=MONDAY.date(), ends_on=MONDAY.date(), label="Training")
    extra = {"starts_minute": 18 * 60, "ends_minute": 19 * 60, "is_addition": True}
    tuesday = MONDAY.date() + timedelta(days=1)
    HoursException.objects.create(calendar=calendar, starts_on=tuesday, ends_on=tuesday, **extra)
    starts = rows.list_starts(query)
    assert min(starts) == at(9, days=1)
    assert at(18, days=1) in starts
    assert at(18, days=2) not in starts


def test_notice_and_horizon_bound_what_is_offered():
    calendar = rows.create_calendar()
    service = rows.create_service(calendar)
    rules = SchedulingSettings(notice=90, horizon=7)
    starts = rows.list_starts(rows.build_query(service, rules=rules, days=30), now=at(9))
    assert min(starts) == at(10, 30)
    assert max(starts) == at(16, days=7)
    assert rows.list_starts(rows.build_query(service, rules=SchedulingSettings(is_on=False))) == []


def test_an_inactive_calendar_offers_nothing():
    calendar = rows.create_calendar(is_active=False)
    assert rows.list_starts(rows.build_query(rows.create_service(calendar))) == []


def test_the_nearest_times_are_on_both_sides_of_the_one_that_has_gone():
    query = rows.build_query(rows.create_service(rows.create_calendar()))
    rows.book(query, at(12))
    nearest = [slot.starts_at for slot in services.list_nearest_slots(query, at(12), now=NOW)]
    assert nearest == [at(10, 30), at(10, 45), at(11), at(13), at(13, 15), at(13, 30)]


@pytest.mark.parametrize("limit", [1, 2])
def test_a_day_that_has_reached_its_limit_is_closed(limit):
    calendar = rows.create_calendar(daily_limit=limit)
    query = rows.build_query(rows.create_service(calendar), days=2)
    for number in range(limit):
        rows.book(query, at(9 + number))
    starts = rows.list_starts(query)
    assert min(starts) == at(9, days=1)
