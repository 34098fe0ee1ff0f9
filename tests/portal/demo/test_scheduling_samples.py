"""The demo's businesses have services, and appointments before and after now that could have been booked."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.demo.services import BUSINESSES, remove_business, seed_business
from portal.scheduling import services
from portal.scheduling.demo import seed_demo_client
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, ClientPackage
from portal.scheduling.services import SlotQuery
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def _seeded_businesses(module_db):
    """The demo's businesses, made anew once: no test here changes them."""
    for slug in BUSINESSES:
        remove_business(slug)
    return {slug: seed_business(slug, now=NOW) for slug in BUSINESSES}


@pytest.fixture(params=BUSINESSES)
def demo_business(request, _seeded_businesses, db):
    """One of the demo's businesses, with the thread in its schema."""
    with use_business(_seeded_businesses[request.param]) as business:
        yield business


def test_every_service_can_be_booked_in_the_coming_weeks(demo_business):
    rules = services.get_scheduling_settings(demo_business)
    offered = list(services.query_services_with_needs())
    assert offered
    for service in offered:
        query = SlotQuery(demo_business, rules, service, from_at=NOW, until_at=NOW + timedelta(days=14))
        assert services.list_slots(query, now=NOW)


def test_there_are_appointments_before_and_after_now_in_the_states_that_fit(demo_business):
    past = set(Appointment.objects.filter(ends_at__lte=NOW).values_list("state", flat=True))
    coming = set(Appointment.objects.filter(starts_at__gt=NOW).values_list("state", flat=True))
    assert past == {AppointmentState.DONE, AppointmentState.NO_SHOW}
    assert coming == {AppointmentState.CONFIRMED, AppointmentState.REQUESTED}


def test_the_client_of_the_readme_has_past_coming_and_pending_appointments(demo_business):
    own = Appointment.objects.filter(client__contacts__value="ana@example.com")
    assert {"done", "confirmed", "requested"} <= set(own.values_list("state", flat=True))


def test_the_client_of_the_readme_has_a_package_in_use(demo_business):
    [package] = ClientPackage.objects.filter(client__contacts__value="ana@example.com")
    reserved, used, left = packages.count(package)
    assert min(reserved, used, left) > 0


def test_the_demo_client_has_a_package_in_use(demo_business):
    client = ClientFactory(is_demo=True)
    seed_demo_client(client, NOW)
    assert packages.count(ClientPackage.objects.get(client=client)) == (2, 2, 1)


def test_seats_and_hours_are_kept(demo_business):
    for entry in CalendarEntry.objects.prefetch_related("appointments"):
        assert entry.seats_taken == entry.appointments.count() <= entry.capacity
    assert not Appointment.objects.filter(created_at__gt=NOW).exists()


def test_the_demo_client_has_past_coming_and_pending_appointments_that_take_nobodys_time(demo_business):
    client = ClientFactory(is_demo=True)
    active = CalendarEntry.objects.filter(is_active=True).count()
    seed_demo_client(client, NOW)
    own = Appointment.objects.filter(client=client)
    assert own.filter(starts_at__lt=NOW, state="done").exists()
    assert own.filter(starts_at__gt=NOW, state="confirmed").exists()
    assert own.filter(starts_at__gt=NOW, state="requested").exists()
    assert CalendarEntry.objects.filter(is_active=True).count() == active
