"""A business sets up its bookings in a browser: three answers, and pages that everybody can use."""

import pytest
from playwright.sync_api import expect

from portal.scheduling.models import ResourceKind, Service
from tenants.context import use_business
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.portal.scheduling.scheduling_rows import create_calendar, create_resource, create_service

pytestmark = pytest.mark.browser

PAGES = (
    "setup",
    "services",
    "services/new",
    "staff",
    "staff/new",
    "hours",
    "hours/public-holidays",
    "resources",
    "rules",
)


@pytest.fixture
def owner(sabine):
    """Sabine, signed in at her business."""
    sabine.set_session_cookie()
    return sabine


def fill_business(business) -> list[str]:
    """Give a business services, calendars and rooms; return the paths of their own pages."""
    with use_business(business):
        room, laser = create_resource(), create_resource("Laser", ResourceKind.EQUIPMENT)
        mona = create_calendar()
        create_calendar("Bo", is_active=False)
        service = create_service(mona, resources=(room, laser), price_amount=4500, description="For your back.")
        create_service(name="Something with quite a long name that nobody gives", colour="pink", visibility="clients")
        service.questions.create(label="Any pain?")
        return [f"services/{service.pk}", f"staff/{mona.pk}", f"staff/{mona.pk}/hours", f"resources/{room.pk}"]


def test_three_answers_make_a_service_that_can_be_booked(owner):
    owner.open_console("calendar/setup/")
    owner.page.get_by_label("Name of the service").fill("First appointment")
    owner.page.get_by_label("What does it cost?").fill("45")
    owner.page.locator("main").get_by_role("button", name="Take bookings").click()

    expect(owner.page.get_by_text("Done: clients can book.")).to_be_visible()
    expect(owner.page.get_by_text("Next free:")).to_be_visible()
    with use_business(owner.portal.business):
        assert Service.objects.get().price_amount == 4500


def test_wrong_answers_are_explained_accessibly(owner):
    owner.open_console("calendar/setup/")
    owner.page.get_by_label("What does it cost?").fill("-5")
    owner.page.get_by_label("Monday, until, span 1").fill("25:00")
    owner.page.locator("main").get_by_role("button", name="Take bookings").click()

    expect(owner.page.get_by_text("There is no time “25:00”.")).to_be_visible()
    assert find_accessibility_violations(owner) == []


def test_every_page_is_accessible(owner):
    problems = []
    own_pages = fill_business(owner.portal.business)
    for name in (*PAGES, *own_pages):
        owner.open_console(f"calendar/{name}/")
        problems += [f"{name}: {problem}" for problem in find_accessibility_violations(owner)]
    assert problems == []
