"""Packages of sessions are given and read in a browser, on pages that everybody can use."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.models import CalendarEntry, PackageSession
from tenants.context import use_business
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling.scheduling_rows import create_calendar, create_service

pytestmark = pytest.mark.browser


def give_package(business, client: Client):
    """Give a client a package, and let a visit and an appointment to come use sessions of it."""
    service, now = create_service(create_calendar(time_zone="UTC")), timezone.now()
    given = packages.give(client, service)
    services.take_session(client_package=given, reason="Walked in", staff=packages.SABINE, now=now)
    starts_at = (now + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    busy = {"busy_from": times["starts_at"], "busy_until": times["ends_at"]}
    seen = {"created_at": now, "calendar": service.calendars.get(), "service": service}
    entry = CalendarEntry.objects.create(seats_taken=1, **seen, **times, **busy)
    appointment = entry.appointments.create(
        client=client, service=service, state="confirmed", source="staff", created_at=now, updated_at=now, **times
    )
    services.choose_session(appointment_id=appointment.pk, client_package_id=given.pk, staff=packages.SABINE, now=now)
    return given, appointment


@pytest.fixture
def given_to_ana(ana):
    """A package of Ana's, and her appointment that uses a session of it; she has signed in."""
    ana.set_session_cookie()
    with use_business(ana.portal.business) as business:
        return give_package(business, Client.objects.get(name="Ana Pereira"))


def test_a_package_is_given_and_a_session_returned(sabine, given_to_ana):
    given, _appointment = given_to_ana
    sabine.set_session_cookie()
    sabine.open_console(f"clients/{given.client_id}/packages/new/")
    sabine.page.locator("main").get_by_role("button", name="Give").click()
    expect(sabine.page.get_by_text("Given: Five massages.")).to_be_visible()

    sabine.open_console(f"clients/{given.client_id}/packages/{given.pk}/")
    row = sabine.page.locator("li", has_text="Walked in")
    row.get_by_text("Return this session").click()
    row.get_by_label("Reason").fill("Counted twice")
    row.get_by_role("button", name="Return").click()

    expect(sabine.page.get_by_text("The session was returned.")).to_be_visible()
    with use_business(sabine.portal.business):
        assert PackageSession.objects.get(reason="Counted twice").state == "returned"


def test_every_page_about_packages_is_accessible(sabine, given_to_ana):
    given, appointment = given_to_ana
    sabine.set_session_cookie()
    card = f"clients/{given.client_id}/packages/"
    paths = ["calendar/packages/", "calendar/packages/new/", f"calendar/packages/{given.package_id}/", card]
    paths += [f"{card}new/", f"{card}{given.pk}/", f"calendar/appointments/{appointment.pk}/"]
    problems = []
    for path in paths:
        sabine.open_console(path)
        problems += [f"{path}: {problem}" for problem in find_accessibility_violations(sabine)]
    assert problems == []


def test_every_page_that_tells_a_client_of_a_package_is_accessible(ana, given_to_ana):
    _given, appointment = given_to_ana
    problems = []
    for path in ("", f"{appointment.pk}/", f"{appointment.pk}/cancellation/"):
        ana.open(f"/appointments/{path}")
        expect(ana.page.get_by_text("Five massages").first).to_be_visible()
        problems += [f"{path}: {problem}" for problem in find_accessibility_violations(ana)]
    assert problems == []
