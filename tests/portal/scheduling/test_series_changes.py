"""Several appointments of a series are cancelled or moved in one change, of which one mail tells."""

import base64
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.scheduling import services
from portal.scheduling.console.staff_booking import build_staff_rules
from portal.scheduling.models import Appointment, CalendarEntry
from portal.scheduling.recurrence import RepeatRule
from portal.scheduling.services import AppointmentChanged, StaffBooking, series
from portal.scheduling.services.series import ChangeScope, NewWallTime, SeriesPlan, SeriesTimesTaken
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.notice_steps import deliver_at, list_subjects, read_event
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, RULES, at
from tests.portal.scheduling.strict_calendar_parser import parse_calendar

pytestmark = pytest.mark.usefixtures("in_acme", "outbox")

MONDAYS_AT_TEN = datetime(2027, 1, 11, 10, 0)  # noqa: DTZ001


@pytest.fixture
def query(in_acme):
    """The times of a massage with Mona, as staff see them."""
    in_acme.time_zone = BERLIN
    in_acme.save()
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, rules=build_staff_rules(RULES))


@pytest.fixture
def booked(query, staff):
    """Six Mondays at ten of a client's."""
    client = ClientFactory(name="Ana Pereira", email="ana@example.com")
    plan = SeriesPlan(query, MONDAYS_AT_TEN, BERLIN, RepeatRule(count=6))
    return list(series.book_series(plan, client=client, staff=staff, now=NOW).appointments.order_by("starts_at"))


def list_starts(state: str = "confirmed") -> list[datetime]:
    """Return the starts of the series's appointments in a state."""
    found = Appointment.objects.filter(series__isnull=False, state=state)
    return list(found.order_by("series_position").values_list("starts_at", flat=True))


def read_calendar(message) -> tuple[str, list]:
    """Return the method and events of a mail's file, which a strict parser has read as well."""
    [file] = message["attachments"]
    content = base64.b64decode(file["content"])
    parse_calendar(content)
    calendar = Calendar.from_ical(content)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")


@pytest.mark.parametrize(("scope", "left"), [(ChangeScope.THIS, 5), (ChangeScope.FOLLOWING, 2), (ChangeScope.ALL, 0)])
def test_what_is_cancelled_is_free_again(booked, staff, scope, left):
    series.cancel_series_appointments(appointment=booked[2], scope=scope, staff=staff, reason="Ill", now=NOW)
    assert len(list_starts()) == left
    assert CalendarEntry.objects.filter(is_active=True).count() == left
    assert set(Appointment.objects.filter(state="cancelled").values_list("reason", flat=True)) == {"Ill"}


def test_appointments_that_are_over_stay(booked, staff):
    series.cancel_series_appointments(appointment=booked[3], scope=ChangeScope.ALL, staff=staff, now=at(12, days=7))
    assert list_starts() == [at(10), at(10, days=7)]
    with pytest.raises(AppointmentChanged):
        series.cancel_series_appointments(appointment=booked[0], scope=ChangeScope.THIS, staff=staff, now=at(12))


def move(query, booked, staff, local, *, number=2, scope=ChangeScope.FOLLOWING):
    """Move appointments of the series by Berlin's clocks."""
    change = {"appointment": booked[number], "scope": scope, "staff": staff, "now": NOW}
    return series.move_series_appointments(query, NewWallTime(local, BERLIN), **change)


def test_the_following_move_to_tuesdays_over_their_own_times(query, booked, staff):
    move(query, booked, staff, datetime(2027, 1, 25, 10, 30))  # noqa: DTZ001
    assert list_starts() == [at(10), at(10, days=7), *(at(10, 30, days=7 * week) for week in range(2, 6))]
    move(query, booked, staff, datetime(2027, 1, 26, 9, 0))  # noqa: DTZ001
    assert list_starts()[2:] == [at(9, days=7 * week + 1) for week in range(2, 6)]
    assert CalendarEntry.objects.filter(is_active=True, seats_taken=1).count() == 6


def test_all_move_by_a_week_onto_each_others_times(query, booked, staff):
    move(query, booked, staff, datetime(2027, 1, 18, 10, 0), number=0, scope=ChangeScope.ALL)  # noqa: DTZ001
    assert list_starts() == [at(10, days=7 * week) for week in range(1, 7)]


def test_none_moves_while_one_new_time_is_taken(query, booked, staff):
    rows.book(query, at(14, days=28))
    with pytest.raises(SeriesTimesTaken) as caught:
        move(query, booked, staff, datetime(2027, 1, 25, 14, 0))  # noqa: DTZ001
    assert [one.starts_at for one in caught.value.taken] == [at(14, days=28)]
    assert list_starts() == [at(10, days=7 * week) for week in range(6)]
    assert CalendarEntry.objects.filter(is_active=True).count() == 7


def test_seats_of_a_class_move_without_the_other_guests(in_acme, staff):
    calendar = rows.create_calendar()
    query = rows.build_query(rows.create_service(calendar, capacity=5), calendar, rules=build_staff_rules(RULES))
    plan = SeriesPlan(query, MONDAYS_AT_TEN, BERLIN, RepeatRule(count=3))
    booked = list(series.book_series(plan, client=ClientFactory(), staff=staff, now=NOW).appointments.order_by("pk"))
    rows.book(query, at(10, days=7))
    move(
        query,
        booked,
        staff,
        booked[0].starts_at.astimezone(ZoneInfo(BERLIN)).replace(hour=14, tzinfo=None),
        number=0,
        scope=ChangeScope.ALL,
    )
    seats = dict(CalendarEntry.objects.filter(is_active=True).values_list("starts_at", "seats_taken"))
    assert seats == {at(10, days=7): 1} | {at(14, days=7 * week): 1 for week in range(3)}


def test_one_mail_lists_all_dates_and_their_file_has_an_event_of_each(booked):
    [mail] = deliver_at(NOW)
    assert mail["subject"].startswith("Confirmed: 6 × Massage")
    assert mail["text"].count("(Europe/Berlin)") == 6
    method, events = read_calendar(mail)
    assert method == "PUBLISH"
    assert [event["DTSTART"].dt for event in events] == [each.starts_at for each in booked]
    assert len({str(event["UID"]) for event in events}) == 6
    assert {event["SEQUENCE"] for event in events} == {0}


def test_a_later_change_of_one_appointment_names_its_event_with_a_higher_sequence(query, booked, staff):
    [first] = deliver_at(NOW)
    uids = [str(event["UID"]) for event in read_calendar(first)[1]]
    services.reschedule_appointment(
        StaffBooking(query, at(12, days=7)), appointment_id=booked[1].pk, staff=staff, now=NOW
    )
    method, event = read_event(deliver_at(NOW + timedelta(minutes=1))[-1])
    assert (method, str(event["UID"]), event["SEQUENCE"]) == ("REQUEST", uids[1], 1)
    services.cancel_appointment(appointment_id=booked[2].pk, staff=staff, now=NOW)
    method, event = read_event(deliver_at(NOW + timedelta(minutes=2))[-1])
    assert (method, str(event["UID"]), event["SEQUENCE"]) == ("CANCEL", uids[2], 1)


def test_one_mail_tells_of_each_change(query, booked, staff):
    deliver_at(NOW)
    move(query, booked, staff, datetime(2027, 1, 25, 14, 0))  # noqa: DTZ001
    mails = deliver_at(NOW + timedelta(minutes=1))
    assert list_subjects(mails) == ["Confirmed", "Moved"]
    assert {event["SEQUENCE"] for event in read_calendar(mails[-1])[1]} == {1}
    series.cancel_series_appointments(
        appointment=booked[0], scope=ChangeScope.ALL, staff=staff, reason="We move house", now=NOW
    )
    mails = deliver_at(NOW + timedelta(minutes=2))
    assert list_subjects(mails) == ["Confirmed", "Moved", "Cancelled"]
    assert "We move house" in mails[-1]["text"]
    assert {str(event["STATUS"]) for event in read_calendar(mails[-1])[1]} == {"CANCELLED"}


def test_a_mail_leaves_out_what_has_changed_before_it_leaves(booked, staff):
    services.cancel_appointment(appointment_id=booked[0].pk, staff=staff, now=NOW)
    confirmed = next(mail for mail in deliver_at(NOW) if mail["subject"].startswith("Confirmed"))
    assert "5 appointments" in confirmed["text"]
