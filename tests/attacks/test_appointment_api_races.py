"""Programs that book and move beside somebody else are within the same limits, and meet no deadlock or error."""

import uuid

import pytest
from django.utils import timezone

from portal.clients.models import Client
from portal.intake.form_limits import BOOKING_LIMITS, FormSender, check_form_limit
from portal.scheduling import services
from portal.scheduling.models import Appointment, AppointmentSource
from portal.scheduling.services import HoldRequest, SlotQuery
from portal.scheduling.services.appointment_locks import lock_client, lock_first
from portal.scheduling.services.calendar_entries import lock_calendars
from tenants.context import use_business
from tests.api.conftest import api_program
from tests.api.portal.portal_programs import start_portal_program
from tests.api.scheduling.conftest import at, calendar, service
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked

__all__ = ["api_program", "at", "calendar", "service"]
pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def program(acme, ana):
    """A program with which Ana is signed in."""
    return start_portal_program(acme).sign_in()


@pytest.fixture
def book(program, service):
    """Return a function that books the massage for Ana at a time."""
    return lambda starts_at: program.post(
        "appointments/", {"service": str(service.pk), "starts_at": starts_at.isoformat()}
    )


@pytest.fixture
def booked(acme, book, at):
    """Ana's appointment at ten."""
    pk = book(at(10)).json()["id"]
    with use_business(acme):
        return Appointment.objects.get(pk=pk)


def hold_on_page(acme, ana, service, starts_at) -> Appointment:
    """Hold a time for Ana on the booking page."""
    with use_business(acme):
        rules, needs = (
            services.get_scheduling_settings(acme),
            services.query_services_with_needs().get(pk=service.pk),
        )
        query = SlotQuery(acme, rules, needs, starts_at, starts_at)
        request = HoldRequest(key=uuid.uuid4(), source=AppointmentSource.PORTAL, client=ana)
        return services.hold_slot(query, starts_at, request, now=timezone.now())


def test_a_program_books_what_its_client_holds_on_a_page(acme, ana, service, book, at):
    held = hold_on_page(acme, ana, service, at(10))
    answer = book(at(10))
    assert (answer.status_code, answer.json()["id"]) == (201, str(held.pk)), answer.content


def test_bookings_by_program_are_counted_for_their_network(book, at, settings):
    settings.BOOKINGS_PER_IP = "2/10 minutes"
    answers = [book(at(hour)) for hour in (9, 11, 13)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json()["code"] == "rate_limited"


def test_bookings_by_program_are_counted_for_the_business(acme, book, at, settings):
    settings.BOOKINGS_PER_BUSINESS = "4/hour"
    # One is the client's own share, three are for whoever comes, and the last is kept for other networks.
    for number in range(3):
        stranger = FormSender(block=f"block-{number}", has_waited=False, is_client=False, identify=str)
        check_form_limit(acme, stranger, limits=BOOKING_LIMITS, now=timezone.now())
    answers = [book(at(hour)) for hour in (9, 11, 13)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600


@pytest.mark.parametrize("change", ["cancellation", "time"])
def test_an_appointment_that_goes_to_another_client_meanwhile_is_not_found(acme, ana, program, booked, at, change):
    path = f"appointments/{booked.pk}/{change}/"
    move = lambda: program.send("PUT", path, {"starts_at": at(11).isoformat()})  # noqa: E731
    action = move if change == "time" else lambda: program.post(path, {})
    with use_business(acme):
        mallory = ClientFactory(name="Mallory")
        with run_blocked(action) as results:
            lock_client(ana.pk)
            Appointment.objects.filter(pk=booked.pk).update(client=mallory)
    assert results[0].status_code == 404, results


@pytest.mark.parametrize("is_client", [True, False], ids=["by the client", "by staff"])
@pytest.mark.parametrize("held", ["client", "calendar"])
def test_a_move_that_names_an_etag_takes_locks_in_the_order_of_all_others(
    acme, ana, program, api_program, booked, at, is_client, held
):
    mover = program if is_client else api_program()
    path = f"appointments/{booked.pk}/"
    seen = {"If-Match": mover.get(path)["ETag"]}
    move = lambda: mover.send("PUT", f"{path}time/", {"starts_at": at(11).isoformat()}, **seen)  # noqa: E731
    lock_it = lambda: lock_first(Appointment.objects.filter(pk=booked.pk))  # noqa: E731
    with use_business(acme), run_blocked(move, once_blocked=lock_it) as results:
        if held == "client":
            list(Client.objects.select_for_update().filter(pk=ana.pk))
        else:
            lock_calendars([booked.entry.calendar_id])
    assert results[0].status_code == 200, results
