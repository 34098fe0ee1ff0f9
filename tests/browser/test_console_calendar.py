"""Staff work with the calendar with the mouse, by keyboard alone, and on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.scheduling.models import Appointment, CalendarEntry
from tenants.context import use_business
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.calendar_page import CalendarPage, book_week

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(sabine):
    """Sabine, signed in at her business."""
    sabine.set_session_cookie()
    return sabine


@pytest.fixture
def week(owner):
    """A day of the coming week with something in it."""
    return book_week(owner.portal.business, owner.person)


@pytest.fixture
def calendar(owner, week) -> CalendarPage:
    """The calendar of that day."""
    page = CalendarPage(owner)
    page.open_day(week.day)
    return page


def reload_appointment(owner, appointment) -> Appointment:
    """Return an appointment as it is stored now."""
    with use_business(owner.portal.business):
        return Appointment.objects.select_related("entry").get(pk=appointment.pk)


def test_the_mouse_moves_an_appointment_to_somebody_else_and_makes_it_longer(owner, week, calendar):
    calendar.drag(calendar.locate_block("Ana"), quarters=4, to_column="Timo")
    calendar.expect_dialog("11:00", "60 min")
    expect(calendar.dialog.get_by_role("button", name="Move", exact=True)).to_be_focused()
    owner.click_button("Move")
    expect(owner.locate_status("Moved.")).to_be_visible()
    expect(calendar.locate_block("Ana").get_by_role("link").first).to_be_focused()

    calendar.drag(calendar.locate_block("Ana"), quarters=2, is_end=True)
    calendar.expect_dialog("11:00", "90 min")
    owner.click_button("Move")
    moved, hour = reload_appointment(owner, week.ana), timedelta(hours=1)
    assert (moved.entry.calendar_id, moved.starts_at - week.ana.starts_at) == (week.timo.pk, hour)
    assert moved.ends_at - moved.starts_at == hour * 1.5


def test_a_time_that_is_taken_is_warned_of_and_can_be_had_all_the_same(owner, week, calendar):
    calendar.drag(calendar.locate_block("Ana"), quarters=8)
    expect(calendar.dialog.get_by_role("alert")).to_contain_text("There is another appointment at this time.")
    owner.click_button("Move anyway")
    expect(calendar.locate_block("Ana")).to_contain_text("Overbooked")


def test_escape_and_a_server_that_is_gone_put_a_block_back(owner, week, calendar):
    block = calendar.locate_block("Lunch")
    block.scroll_into_view_if_needed()
    before = block.bounding_box()
    calendar.begin_drag(block, quarters=4)
    expect(block).to_contain_text("15:00")
    owner.page.keyboard.press("Escape")
    assert block.bounding_box() == before
    owner.page.mouse.up()
    expect(owner.locate_status("Not moved.")).to_be_attached()
    expect(calendar.dialog).to_have_count(0)

    owner.context.set_offline(True)
    calendar.drag(block, quarters=4)
    expect(owner.locate_status("We can’t reach the server.")).to_be_visible()
    owner.context.set_offline(False)
    expect(block).to_contain_text("14:00")
    owner.browser_errors.clear()


def test_the_keyboard_alone_moves_confirms_and_blocks(owner, week, calendar):
    calendar.locate_block("Lunch").get_by_role("link", name="Move: 14:00 Lunch").press("Enter")
    expect(calendar.dialog.get_by_label("Date")).to_be_focused()
    calendar.dialog.get_by_label("Start").fill("16:00")
    calendar.dialog.get_by_label("Length").fill("45")
    owner.page.keyboard.press("Enter")
    expect(calendar.locate_block("Lunch")).to_contain_text("16:00–16:45")

    calendar.locate_block("Bo").get_by_role("link", name="Move: 12:00 Bo Lind").press("Enter")
    expect(calendar.dialog.get_by_label("Date")).to_be_focused()
    owner.page.keyboard.press("Escape")
    expect(calendar.dialog).to_have_count(0)
    expect(calendar.locate_block("Bo").get_by_role("link", name="Move: 12:00 Bo Lind")).to_be_focused()
    calendar.locate_block("Bo").get_by_role("link").first.press("Enter")
    owner.main.get_by_role("button", name="Confirm").press("Enter")
    expect(owner.locate_status("Confirmed: Bo Lind.")).to_be_visible()
    with use_business(owner.portal.business):
        assert CalendarEntry.objects.get(title="Lunch").starts_at > reload_appointment(owner, week.bo).ends_at


def test_the_keyboard_alone_declines_with_another_time(owner, week, calendar):
    calendar.locate_block("Bo").get_by_role("link").first.press("Enter")
    owner.main.get_by_role("link", name="Decline").press("Enter")
    owner.page.get_by_role("radio", name="None").press("ArrowDown")
    owner.main.get_by_role("button", name="Decline").press("Enter")
    expect(owner.main_heading).to_contain_text("Declined")
    assert reload_appointment(owner, week.bo).proposed_starts_at


def test_a_finger_moves_an_appointment_on_a_phone(owner, week, calendar):
    owner.page.set_viewport_size({"width": 360, "height": 740})
    calendar.locate_block("Ana").get_by_role("link", name="Move: 10:00 Ana Pereira").click()
    calendar.dialog.get_by_label("Start").fill("09:00")
    owner.click_button("Move")
    expect(calendar.locate_block("Ana")).to_contain_text("09:00")


def test_every_view_is_accessible_empty_and_full(owner, week, calendar):
    problems = []
    for view in ("day", "week", "month"):
        for query in ("", "&resource=all&colours=state", f"&calendar={week.timo.pk}"):
            calendar.open_day(week.day, view, query)
            problems += find_accessibility_violations(owner, sizes=((360, 740), (1440, 900)))
    assert problems == []


def test_the_dialog_is_accessible(owner, week, calendar):
    calendar.locate_block("Ana").get_by_role("link", name="Move: 10:00 Ana Pereira").click()
    expect(calendar.dialog).to_be_visible()
    assert find_accessibility_violations(owner) == []
