"""The console's calendar in a browser, and a business with appointments in the coming week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from portal.scheduling import services
from portal.scheduling.models import Appointment, SchedulingSettings, StaffCalendar
from tenants.context import use_business
from tenants.models import Person
from tenants.staff.staff_actor import StaffActor
from tests.browser.page_object import PageObject
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows

BY_HAND = SchedulingSettings(acceptance="by-hand")


@dataclass(frozen=True)
class BookedWeek:
    """A day of the coming week with Ana's massage at ten, Bo's request at noon and lunch at two, all with Mona."""

    day: date
    ana: Appointment
    bo: Appointment
    mona: StaffCalendar
    timo: StaffCalendar


def book_week(business, person: Person) -> BookedWeek:
    """Fill the calendars of a business."""
    zone, now = ZoneInfo(business.time_zone), datetime.now(ZoneInfo(business.time_zone))
    day = (now + timedelta(days=8)).date()
    ten, noon, two, three = (datetime.combine(day, time(hour), zone) for hour in (10, 12, 14, 15))
    staff = StaffActor(person.pk, person.name or "Sabine")
    with use_business(business):
        mona, timo = (rows.create_calendar(name, time_zone=business.time_zone) for name in ("Mona", "Timo"))
        service = rows.create_service(
            mona, timo, resources=(rows.create_resource("Sauna"), rows.create_resource("Attic"))
        )
        query = services.SlotQuery(
            business, BY_HAND, services.query_services_with_needs().get(pk=service.pk), now, three, mona.pk
        )
        ana = services.book_for_client(
            services.StaffBooking(query, ten), client=ClientFactory(name="Ana Pereira"), staff=staff, now=now
        )
        bo = rows.book(query, noon, client=ClientFactory(name="Bo Lind"), now=now)
        services.block_time(calendar=mona, title="Lunch", starts_at=two, ends_at=three, staff=staff, now=now)
    return BookedWeek(day, ana, bo, mona, timo)


class CalendarPage(PageObject):
    """The calendar, and the dialog that moves what it shows."""

    def open_day(self, day: date, view: str = "day", query: str = "") -> None:
        """Open the calendar around a day."""
        self.user.open_console(f"calendar/?view={view}&day={day}{query}")

    def locate_block(self, name: str) -> Locator:
        """Locate the block of somebody or something."""
        return self.page.locator(".calendar-block", has_text=name)

    @property
    def dialog(self) -> Locator:
        """The dialog that moves a block."""
        return self.page.get_by_role("dialog")

    def drag(self, block: Locator, *, quarters: int, to_column: str = "", is_end: bool = False) -> None:
        """Drag a block, or its end, by so many quarters of an hour, and let it go."""
        self.begin_drag(block, quarters=quarters, to_column=to_column, is_end=is_end)
        self.page.mouse.up()

    def begin_drag(self, block: Locator, *, quarters: int, to_column: str = "", is_end: bool = False) -> None:
        """Drag a block, or its end, and hold it."""
        block.scroll_into_view_if_needed()
        box = block.bounding_box()
        assert box, "the block is shown"
        x, y = box["x"] + box["width"] / 3, box["y"] + (box["height"] - 3 if is_end else box["height"] / 2)
        row = float(block.evaluate("block => parseFloat(getComputedStyle(block.parentElement).gridAutoRows)"))
        column = self.page.locator(f".calendar-column[aria-label={to_column}]") if to_column else block
        target, mouse = column.bounding_box(), self.page.mouse
        assert target, "the column is shown"
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + 10)
        mouse.move(target["x"] + 20, y + quarters * row, steps=4)

    def expect_dialog(self, time: str, length: str) -> None:
        """Expect the dialog with a start and a length filled in."""
        expect(self.dialog.get_by_label("Start")).to_have_value(time)
        expect(self.dialog.get_by_label("Length")).to_have_value(length)
