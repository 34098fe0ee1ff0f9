"""However many answer an offer, let it expire or book its time at the same moment, there is one outcome."""

from datetime import timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import Appointment, AppointmentState, OfferState, WaitingListOffer
from portal.scheduling.services import BookingNeedsConfirmation, SlotUnavailable, StaffBooking
from portal.scheduling.services.waiting_list import answers, offers
from portal.scheduling.services.waiting_list.answers import OfferOver
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.test_double_booking import STAFF, assert_no_overlap
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import accept, add_client, offer, wait_for

pytestmark = pytest.mark.usefixtures("committed_db")
PARALLEL = 200
REFUSALS = (OfferOver, SlotUnavailable, BookingNeedsConfirmation)


@pytest.fixture
def eva(acme):
    """A client who waits."""
    acme.time_zone = BERLIN
    acme.save()
    with use_business(acme):
        return add_client("Eva Early")


@pytest.fixture
def query(acme):
    """The only time of MONDAY."""
    with use_business(acme):
        calendar = rows.create_calendar(hours=(600, 660))
        return rows.build_query(rows.create_service(calendar), calendar, business=acme)


@pytest.fixture
def offered(acme, eva, query):
    """The only time, which is offered to Eva."""
    with use_business(acme):
        wait_for(query.service, eva)
        return offer()


def run_in_acme(acme, task) -> list[object]:
    """Run a task 200 times at once; return what it returned, and how it was refused."""

    def attempt(number: int):
        with use_business(acme):
            try:
                return task(number)
            except REFUSALS as refusal:
                return refusal

    return run_concurrently(attempt, range(PARALLEL))


def list_taken(acme) -> list[Appointment]:
    """Return what takes the time in the end, and check that nothing overlaps."""
    assert_no_overlap(acme)
    with use_business(acme):
        return list(Appointment.objects.filter(state=AppointmentState.CONFIRMED))


def get_state(acme, offered) -> str:
    with use_business(acme):
        return WaitingListOffer.objects.get(pk=offered.pk).state


def test_an_offer_accepted_and_expired_at_once_is_one_or_the_other(acme, eva, query, offered):
    end, before = offered.expires_at, offered.expires_at - timedelta(seconds=1)
    results = run_in_acme(
        acme,
        lambda number: answers.refresh_waiting_list(now=end) if number % 2 else accept(offered, eva, now=before).pk,
    )
    booked = {result for result in results if result == offered.appointment_id}
    assert len(list_taken(acme)) == len(booked)
    assert get_state(acme, offered) == (OfferState.ACCEPTED if booked else OfferState.EXPIRED)


def test_an_offer_accepted_while_staff_book_its_time_is_one_booking(acme, eva, query, offered):
    with use_business(acme):
        other = add_client("Bo Booked")
    end, before = offered.expires_at, offered.expires_at - timedelta(seconds=1)

    def attempt(number: int):
        if number % 2:
            return services.book_for_client(StaffBooking(query, at(10)), client=other, staff=STAFF, now=end)
        return accept(offered, eva, now=before)

    results = run_in_acme(acme, attempt)
    assert not [result for result in results if not isinstance(result, (Appointment, *REFUSALS))]
    assert len(list_taken(acme)) == 1
    with use_business(acme):
        answers.expire_offers(now=end)
    [booked] = list_taken(acme)
    assert get_state(acme, offered) == (OfferState.ACCEPTED if booked.client_id == eva.pk else OfferState.EXPIRED)


def test_an_offer_accepted_and_declined_at_once_is_one_or_the_other(acme, eva, query, offered):
    run_in_acme(
        acme,
        lambda number: (
            answers.decline_offer(offer_id=offered.pk, client=eva, now=NOW) if number % 2 else accept(offered, eva)
        ),
    )
    is_accepted = get_state(acme, offered) == OfferState.ACCEPTED
    assert len(list_taken(acme)) == is_accepted


def test_200_jobs_offer_one_time_once(acme, eva, query):
    with use_business(acme):
        for number in range(5):
            wait_for(query.service, add_client(f"c{number} waits"))
    run_in_acme(acme, lambda _number: offers.offer_free_times(now=NOW))
    with use_business(acme):
        assert WaitingListOffer.objects.count() == 1
        assert Appointment.objects.filter(state=AppointmentState.HELD).count() == 1
