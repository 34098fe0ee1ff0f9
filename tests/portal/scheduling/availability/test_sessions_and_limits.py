"""Group sessions can be joined, full days are closed, and appointments are spread over calendars."""

from collections import Counter
from datetime import date, timedelta

import pytest

from portal.scheduling.availability import (
    AvailabilityCalculator,
    BookingWindow,
    GroupSession,
    Slot,
    choose_calendar,
)
from tests.portal.scheduling.availability.builders import (
    ANNA,
    ANY_TIME,
    BEN,
    CARL,
    MASSAGE,
    MONDAY,
    ROOM,
    at,
    build_calendar,
    build_schedule,
    build_service,
    busy,
    every_day,
    list_slots,
    read_clock,
)

MORNING = build_calendar(every_day("09:00-12:00"))
TEN = at("2026-12-07 10:00")
TAKEN = {ANNA: [busy("2026-12-07 10:00", "2026-12-07 11:00")]}
CLASS = build_service(interval=60, capacity=5)


def list_seats(*sessions, service=CLASS, calendars=(MORNING,), **options):
    """Return the starts and the seats left of one Monday with sessions at ten."""
    schedule = build_schedule(*calendars, busy_by_calendar=TAKEN, sessions=sessions)
    slots = list_slots(schedule, service, **options)
    return list(zip(read_clock(slots), [slot.seats_left for slot in slots], strict=True))


def test_a_session_with_seats_left_is_a_slot_though_its_calendar_is_busy():
    assert list_seats(GroupSession(MASSAGE, ANNA, TEN, 2)) == [("09:00", 5), ("10:00", 2), ("11:00", 5)]


def test_a_full_session_is_no_slot():
    assert list_seats(GroupSession(MASSAGE, ANNA, TEN, 0)) == [("09:00", 5), ("11:00", 5)]


def test_a_session_of_another_service_or_calendar_is_no_slot():
    assert list_seats(GroupSession(ROOM, ANNA, TEN, 2)) == [("09:00", 5), ("11:00", 5)]
    assert list_seats(GroupSession(MASSAGE, BEN, TEN, 2)) == [("09:00", 5), ("11:00", 5)]


def test_a_session_of_a_service_that_takes_one_by_now_is_no_slot():
    assert list_seats(GroupSession(MASSAGE, ANNA, TEN, 2), service=build_service(interval=60)) == [
        ("09:00", 1),
        ("11:00", 1),
    ]


def test_a_session_outside_the_window_is_no_slot():
    session = GroupSession(MASSAGE, ANNA, TEN, 2)
    assert list_seats(session, window=BookingWindow(TEN + timedelta(minutes=1), at("2027-01-01 00:00"))) == [
        ("11:00", 5)
    ]
    assert list_seats(session, window=BookingWindow(at("2026-01-01 00:00"), TEN)) == [("09:00", 5)]
    far = [GroupSession(MASSAGE, ANNA, TEN + timedelta(days=days), 2) for days in (-3000, 3000)]
    assert list_seats(*far) == [("09:00", 5), ("11:00", 5)]


def test_a_session_comes_before_calendars_that_are_free_at_the_same_time():
    ben = build_calendar(every_day("10:00-11:00"), calendar_id=BEN)
    service = build_service(interval=60, capacity=5, calendars=(ANNA, BEN))
    schedule = build_schedule(MORNING, ben, busy_by_calendar=TAKEN, sessions=[GroupSession(MASSAGE, ANNA, TEN, 2)])
    ends_at = TEN + timedelta(hours=1)
    assert list_slots(schedule, service)[1:3] == [Slot(TEN, ends_at, (ANNA,), 2), Slot(TEN, ends_at, (BEN,), 5)]
    assert [slot.seats_left for slot in list_slots(schedule, service, calendar_id=BEN)] == [5]


def test_a_day_on_which_only_a_session_has_seats_left_is_free():
    closed = build_calendar(())
    schedule = build_schedule(closed, sessions=[GroupSession(MASSAGE, ANNA, TEN, 2)])
    calculator = AvailabilityCalculator(schedule, at("2026-12-01 00:00"), at("2027-01-01 00:00"))
    assert calculator.find_free_days(CLASS, ANY_TIME, "Europe/Berlin") == [MONDAY]


@pytest.mark.parametrize(("appointments", "free"), [(2, True), (3, False), (4, False)])
def test_a_day_takes_appointments_up_to_its_limit(appointments, free):
    calendar = build_calendar(every_day("09:00-12:00"), daily_limit=3)
    counts = {(ANNA, MONDAY): appointments, (BEN, date(2026, 12, 8)): 9}
    slots = list_slots(build_schedule(calendar, appointments_by_day=counts), days=2)
    assert {slot.starts_at.date() for slot in slots} == {MONDAY, date(2026, 12, 8)} - ({MONDAY} if not free else set())


def test_a_limit_of_nothing_closes_every_day():
    assert list_slots(build_schedule(build_calendar(every_day("09:00-12:00"), daily_limit=0)), days=31) == []


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Berlin", date(2026, 10, 25)), ("America/New_York", date(2027, 3, 14)), ("Asia/Kolkata", MONDAY)],
)
def test_a_full_day_is_a_day_on_the_calendars_own_wall(zone, day):
    calendar = build_calendar(every_day("00:00-24:00"), zone=zone, daily_limit=1)
    schedule = build_schedule(calendar, appointments_by_day={(ANNA, day): 1})
    before = day - timedelta(days=1)
    slots = list_slots(schedule, build_service(), before, days=3, zone=zone)
    near = [one for one in read_clock(slots, zone) if one in ("00:00", "23:30")]
    assert near[:4] == ["00:00", "23:30", "00:00", "23:30"]
    assert not [one for one in slots if at(f"{day} 00:00", zone) <= one.starts_at < at(f"{day} 23:59", zone)]


def test_a_limit_leaves_sessions_that_can_be_joined():
    calendar = build_calendar(every_day("09:00-12:00"), daily_limit=1)
    session = GroupSession(MASSAGE, ANNA, TEN, 2)
    schedule = build_schedule(calendar, appointments_by_day={(ANNA, MONDAY): 1}, sessions=[session])
    assert read_clock(list_slots(schedule, CLASS)) == ["10:00"]


def slot_at(number: int) -> Slot:
    """Return one of many slots, of three calendars."""
    starts_at = TEN + timedelta(minutes=15 * number)
    return Slot(starts_at, starts_at + timedelta(hours=1), (CARL, ANNA, BEN), 1)


def test_the_calendar_with_the_fewest_appointments_is_chosen():
    assert choose_calendar(slot_at(0), {ANNA: 3, BEN: 1, CARL: 2}) == BEN
    assert choose_calendar(slot_at(0), {ANNA: 3, BEN: 1}) == CARL


def test_equals_take_turns_by_the_start():
    chosen = Counter(choose_calendar(slot_at(number), {}) for number in range(300))
    assert set(chosen) == {ANNA, BEN, CARL}
    assert min(chosen.values()) > 60
    assert {choose_calendar(slot_at(number), {ANNA: 1}) for number in range(300)} == {BEN, CARL}


def test_the_choice_depends_on_the_start_and_not_on_the_order_of_calendars():
    for number in range(20):
        slot = slot_at(number)
        backwards = Slot(slot.starts_at, slot.ends_at, slot.calendar_ids[::-1], 1)
        assert choose_calendar(slot, {}) == choose_calendar(backwards, {})


def test_a_slot_without_calendars_has_none_to_choose():
    with pytest.raises(ValueError, match="empty"):
        choose_calendar(Slot(TEN, TEN, (), 1), {})
