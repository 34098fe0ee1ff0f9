"""Staff move appointments and blocked times from the calendar, and make them longer or shorter."""

import re

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Message
from portal.scheduling import services
from portal.scheduling.models import CalendarEntry, ResourceReservation
from tenants.context import use_business
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.console.test_calendar import MONDAY, get_page
from tests.portal.scheduling.scheduling_rows import NOW, at

CALENDAR = "/console/acme/calendar/"
FROM_A_SCRIPT = {"headers": {"HX-Request": "true"}}
TAKEN = "There is another appointment at this time."


@pytest.fixture
def appointment(practice):
    """Ana's massage on Monday from ten to eleven."""
    return practice.book(10)


@pytest.fixture
def lunch(practice, staff):
    """Mona's lunch on Monday from twelve to one."""
    with use_business(practice.business):
        return services.block_time(
            calendar=practice.calendar, title="Lunch", starts_at=at(12), ends_at=at(13), staff=staff, now=NOW
        )


def build_move(practice, **changes) -> dict[str, str]:
    """Return what the form sends to move something to Monday at three for an hour and a half."""
    values = {"calendar": str(practice.calendar.pk), "day": MONDAY, "time": "15:00", "minutes": "90"}
    return values | {"back": f"view=week&day={MONDAY}&colours=state"} | changes


def get_path(appointment) -> str:
    """Return the address of the form that moves an appointment."""
    return f"{CALENDAR}appointments/{appointment.pk}/time/"


def list_messages(practice) -> list[str]:
    """Return the kinds of all messages, sorted."""
    with use_business(practice.business):
        return sorted(Message.objects.values_list("kind", flat=True))


def test_a_longer_appointment_takes_its_time_its_buffers_and_its_room(practice, staff_client):
    with use_business(practice.business):
        sauna = rows.create_resource("Sauna")
        bath = rows.create_service(practice.calendar, name="Bath", resources=(sauna,), buffer_after=10)
    appointment = practice.book(10, service=bath)
    answer = staff_client().post(get_path(appointment), build_move(practice))

    assert answer.status_code == 302
    stored = practice.reload(appointment)
    assert (stored.starts_at, stored.ends_at, stored.version) == (at(15), at(16, 30), appointment.version + 1)
    assert (stored.entry.ends_at, stored.entry.busy_until) == (at(16, 30), at(16, 40))
    with use_business(practice.business):
        assert ResourceReservation.objects.get(entry=stored.entry).busy_until == at(16, 40)


def test_who_has_moved_something_is_led_back_to_the_calendar_as_it_was(practice, appointment, staff_client):
    answer = staff_client().post(get_path(appointment), build_move(practice), **FROM_A_SCRIPT)
    shown = f"{CALENDAR}?view=week&day={MONDAY}&colours=state#entry-{appointment.entry_id}"
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, shown)


@pytest.mark.parametrize("back", ["https://evil.example/", "day=//evil.example", "view=%00"])
def test_nobody_is_led_elsewhere(practice, appointment, staff_client, back):
    answer = staff_client().post(get_path(appointment), build_move(practice, back=back))
    assert answer.headers["Location"].startswith(f"{CALENDAR}?view=day&day={MONDAY}#entry-")


def test_a_moved_appointment_keeps_the_length_that_it_was_given(practice, appointment, staff_client):
    browser = staff_client()
    browser.post(get_path(appointment), build_move(practice))
    browser.post(get_path(appointment), build_move(practice, time="11:00", minutes=""))
    assert practice.reload(appointment).ends_at == at(12, 30)


def test_the_client_is_told_unless_staff_choose_not_to(practice, appointment, staff_client):
    before, browser = list_messages(practice), staff_client()
    browser.post(get_path(appointment), build_move(practice, is_silent="on"))
    assert list_messages(practice) == before
    browser.post(get_path(appointment), build_move(practice, time="13:00"))
    assert list_messages(practice) == sorted([*before, "booking-moved"])


def test_what_it_is_stretched_over_is_warned_of_and_can_be_overbooked(practice, appointment, staff_client):
    practice.book(12)
    longer, browser = build_move(practice, time="10:00", minutes="150"), staff_client()
    refused = browser.post(get_path(appointment), longer, **FROM_A_SCRIPT)
    assert (refused.status_code, TAKEN in refused.content.decode()) == (409, True)
    assert practice.reload(appointment).ends_at == at(11)

    accepted = {"accepted": refused.context["accepted"]}
    # What was accepted for one length counts for no other.
    assert browser.post(get_path(appointment), longer | accepted | {"minutes": "180"}).status_code == 409
    assert browser.post(get_path(appointment), longer | accepted).status_code == 302
    stored = practice.reload(appointment)
    assert (stored.ends_at, stored.is_overbooked) == (at(12, 30), True)


def test_the_calendar_asks_what_speaks_against_a_time_and_changes_nothing(practice, appointment, staff_client):
    practice.book(15)
    query = build_move(practice, check="1", version=str(appointment.version))
    answer = staff_client().get(get_path(appointment), query, **FROM_A_SCRIPT)

    page = answer.content.decode()
    assert (answer.status_code, TAKEN in page, "Move anyway" in page, "<main" in page) == (200, True, True, False)
    assert practice.reload(appointment).version == appointment.version


def test_an_appointment_that_others_have_moved_stays_as_they_left_it(practice, appointment, staff_client):
    browser, seen = staff_client(), {"version": str(appointment.version)}
    browser.post(get_path(appointment), build_move(practice))
    late = build_move(practice, time="09:00") | seen
    answers = [
        browser.post(get_path(appointment), late),
        browser.post(get_path(appointment), late, **FROM_A_SCRIPT),
        browser.get(get_path(appointment), late | {"check": "1"}, **FROM_A_SCRIPT),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert all("The appointment has changed" in answer.content.decode() for answer in answers)
    assert practice.reload(appointment).starts_at == at(15)


def test_a_group_s_time_is_as_long_as_its_service(practice, staff_client):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
    seat, browser = practice.book(10, service=yoga), staff_client()
    assert 'name="minutes"' not in browser.get(get_path(seat)).content.decode()
    browser.post(get_path(seat), build_move(practice))
    assert practice.reload(seat).ends_at == at(16)


@pytest.mark.parametrize("wrong", [{"minutes": "0"}, {"minutes": "25 h"}, {"minutes": "long"}, {"version": "x"}])
def test_what_no_appointment_can_be_is_said_at_its_field(practice, appointment, staff_client, wrong):
    answer = staff_client().post(get_path(appointment), build_move(practice, **wrong))
    assert answer.status_code == 422
    assert practice.reload(appointment).version == appointment.version


def test_only_what_can_be_moved_offers_it_and_only_to_those_who_may(practice, appointment, lunch, staff_client):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
    practice.book(14, service=yoga)
    moves = re.findall(r'data-move="([^?]+)\?', get_page(staff_client()))
    assert moves == [get_path(appointment), f"{CALENDAR}blocked-times/{lunch.pk}/time/"]
    assert "data-move" not in get_page(staff_client("read-only"))


def test_a_blocked_time_is_moved_and_the_timeline_says_so(practice, lunch, staff_client):
    path, browser = f"{CALENDAR}blocked-times/{lunch.pk}/time/", staff_client()
    assert 'value="12:00"' in browser.get(path).content.decode()
    assert browser.post(path, build_move(practice)).status_code == 302
    with use_business(practice.business):
        stored = CalendarEntry.objects.get()
        assert (stored.starts_at, stored.busy_until, stored.title) == (at(15), at(16, 30), "Lunch")
        assert Entry.objects.filter(event_type="scheduling.blocked-time-moved", subject_id=lunch.pk).count() == 1


def test_a_blocked_time_is_moved_onto_nothing_else(practice, lunch, appointment, staff_client):
    answer = staff_client().post(f"{CALENDAR}blocked-times/{lunch.pk}/time/", build_move(practice, time="10:30"))
    assert (answer.status_code, "booked or blocked at this time already" in answer.content.decode()) == (422, True)


def test_a_blocked_time_that_others_have_moved_stays_as_they_left_it(practice, lunch, staff_client):
    path, browser = f"{CALENDAR}blocked-times/{lunch.pk}/time/", staff_client()
    seen = {"seen": f"{practice.calendar.pk}/{lunch.starts_at.isoformat()}/{lunch.ends_at.isoformat()}"}
    assert browser.post(path, build_move(practice) | seen).status_code == 302
    late = build_move(practice, time="09:00") | seen
    answers = [browser.post(path, late), browser.get(path, late, **FROM_A_SCRIPT), browser.get(path, {"seen": "x"})]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    with use_business(practice.business):
        assert CalendarEntry.objects.get().starts_at == at(15)


def test_no_appointment_is_moved_as_a_blocked_time(practice, appointment, staff_client):
    path = f"{CALENDAR}blocked-times/{appointment.entry_id}/time/"
    assert staff_client().post(path, build_move(practice)).status_code == 404


def test_an_appointment_is_moved_to_somebody_else_in_the_version_that_was_seen(practice, appointment, staff_client):
    with use_business(practice.business):
        timo = rows.create_calendar("Timo")
        practice.service.calendars.add(timo)
    query = build_move(practice, check="1", version=str(appointment.version), calendar=str(timo.pk))
    browser = staff_client()
    assert browser.get(get_path(appointment), query, **FROM_A_SCRIPT).status_code == 200
    answer = browser.post(get_path(appointment), query, **FROM_A_SCRIPT)
    assert answer.status_code == 200, answer.content.decode()
    assert practice.reload(appointment).entry.calendar_id == timo.pk
