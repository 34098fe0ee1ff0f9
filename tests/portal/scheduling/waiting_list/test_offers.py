"""A time that becomes free is offered to whoever joined the list first, and passes on."""

from datetime import timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import (
    AppointmentState,
    OfferState,
    PartOfDay,
    SchedulingSettings,
    WaitingListEntry,
    WaitingListOffer,
    WaitingState,
)
from portal.scheduling.services.waiting_list import answers
from portal.scheduling.services.waiting_list.answers import OfferOver
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import (
    accept,
    add_client,
    after,
    get_open_offer,
    offer,
    wait_for,
)


@pytest.fixture
def both_wait(service, taken, eva, luca):
    """Eva waits, and Luca since an hour later, for the only time."""
    return wait_for(service, eva), wait_for(service, luca, now=after(60))


@pytest.fixture
def offered(both_wait, taken, holder, query):
    """What is offered once the only time is free again."""
    services.cancel_own_appointment(appointment_id=taken.pk, client=holder, rules=query.rules, now=NOW)
    return offer()


def get_state(entry: WaitingListEntry) -> str:
    return WaitingListEntry.objects.get(pk=entry.pk).state


def test_nothing_is_offered_while_nothing_is_free(both_wait):
    assert offer() is None


def test_whoever_joined_first_is_offered_the_time(both_wait, offered, eva):
    assert (offered.entry.client, offered.starts_at) == (eva, at(10))
    assert [get_state(entry) for entry in both_wait] == [WaitingState.OFFERED, WaitingState.WAITING]


def test_an_offered_time_is_nobody_elses(offered, query):
    assert rows.list_starts(query) == []
    assert offer().pk == offered.pk
    assert WaitingListOffer.objects.count() == 1


def test_a_declined_offer_passes_on(offered, eva, luca):
    answers.decline_offer(offer_id=offered.pk, client=eva, now=NOW)
    assert offer().entry.client == luca


def test_an_offer_that_expired_passes_on(both_wait, offered, luca):
    late = offered.expires_at
    assert answers.refresh_waiting_list(now=late - timedelta(seconds=1)) == 0
    assert answers.refresh_waiting_list(now=late) == 1
    assert get_open_offer().entry.client == luca
    assert WaitingListOffer.objects.get(pk=offered.pk).state == OfferState.EXPIRED
    assert get_state(both_wait[0]) == WaitingState.WAITING


def test_nobody_is_offered_the_same_time_twice(offered, eva, luca, query):
    answers.decline_offer(offer_id=offered.pk, client=eva, now=NOW)
    answers.decline_offer(offer_id=offer().pk, client=luca, now=NOW)
    assert offer() is None
    assert rows.list_starts(query) == [at(10)]


def test_an_offer_that_is_accepted_is_a_booking(both_wait, offered, eva):
    booked = accept(offered, eva)
    assert (booked.client, booked.state, booked.starts_at) == (eva, AppointmentState.CONFIRMED, at(10))
    assert get_state(both_wait[0]) == WaitingState.BOOKED
    assert WaitingListOffer.objects.get(pk=offered.pk).state == OfferState.ACCEPTED


def test_an_offer_accepted_twice_is_one_booking(offered, eva):
    assert accept(offered, eva) == accept(offered, eva)


def test_an_offer_is_a_request_where_staff_want_to_be_asked(offered, eva):
    by_hand = SchedulingSettings(acceptance="by-hand")
    assert accept(offered, eva, rules=by_hand).state == AppointmentState.REQUESTED


def test_an_offer_can_not_be_accepted_after_its_end(offered, eva):
    with pytest.raises(OfferOver):
        accept(offered, eva, now=offered.expires_at)
    assert accept(offered, eva, now=offered.expires_at - timedelta(seconds=1))


def test_an_offer_of_somebody_else_is_unknown(offered, luca):
    with pytest.raises(WaitingListOffer.DoesNotExist):
        accept(offered, luca)
    with pytest.raises(WaitingListOffer.DoesNotExist):
        answers.decline_offer(offer_id=offered.pk, client=luca, now=NOW)


@pytest.mark.parametrize(("now", "expires_at"), [(NOW, after(60)), (at(7, 15), at(8))])
def test_an_offer_lasts_as_long_as_the_business_says_but_not_beyond_the_notice(service, eva, now, expires_at):
    SchedulingSettings.objects.create(offer_lifetime=60, notice=120)
    wait_for(service, eva)
    assert offer(now=now).expires_at == expires_at


def test_a_time_that_can_soon_no_longer_be_booked_is_offered_to_nobody(service, eva):
    wait_for(service, eva)
    assert offer(now=at(7, 31)) is None
    assert offer(now=at(7, 30))


@pytest.mark.parametrize(
    "preferences",
    [
        {"from_on": MONDAY.date() + timedelta(days=1), "until_on": MONDAY.date() + timedelta(days=1)},
        {"part_of_day": PartOfDay.AFTERNOON},
        {"part_of_day": PartOfDay.EVENING},
    ],
)
def test_a_time_that_does_not_fit_is_not_offered(service, eva, preferences):
    rows.book(rows.build_query(service), at(10, days=1), client=add_client("Tia Tuesday"))
    wait_for(service, eva, **preferences)
    assert offer() is None


def test_a_time_of_another_calendar_is_not_offered_to_who_wants_one_person(service, calendar, eva):
    other = rows.create_calendar("Otto", hours=(840, 900))
    service.calendars.add(other)
    rows.book(rows.build_query(service, calendar), at(10), client=add_client("Holly Holder"))
    wait_for(service, eva, calendar_id=calendar.pk)
    assert offer() is None
    wait_for(service, add_client("Anybody"), now=after(1))
    assert offer().calendar == other


def test_a_time_at_which_they_have_another_appointment_is_not_offered(service, eva, query):
    other = rows.create_service(rows.create_calendar("Otto"), name="Yoga")
    rows.book(rows.build_query(other), at(10), client=eva)
    wait_for(service, eva)
    assert offer() is None


def test_a_demo_client_is_offered_nothing(service, query):
    wait_for(service, add_client("Demo", is_demo=True))
    assert offer() is None
    assert rows.list_starts(query) == [at(10)]


@pytest.mark.parametrize("status", ["blocked", "archived"])
def test_who_can_not_sign_in_is_offered_nothing(service, eva, status):
    wait_for(service, eva)
    eva.status = status
    eva.save()
    assert offer() is None


@pytest.mark.parametrize("rules", [{"is_on": False}, {"has_waiting_list": False}])
def test_a_business_that_switched_it_off_offers_nothing(service, eva, rules):
    SchedulingSettings.objects.create(**rules)
    wait_for(service, eva)
    assert offer() is None


def test_who_answers_no_offer_is_off_the_list(service, eva):
    entry = wait_for(service, eva, until_on=MONDAY.date() + timedelta(days=4))
    now = NOW
    for _time in range(answers.MAX_UNANSWERED):
        now = offer(now=now).expires_at
        answers.expire_offers(now=now)
    assert get_state(entry) == WaitingState.ENDED
    assert offer(now=now) is None


def test_who_books_the_time_themselves_is_off_the_list(service, eva, query):
    entry = wait_for(service, eva)
    rows.book(query, at(10), client=eva)
    assert get_state(entry) == WaitingState.BOOKED


def test_who_books_another_time_waits_on(service, eva, query):
    entry = wait_for(service, eva)
    rows.book(rows.build_query(service, days=3), at(10, days=2), client=eva)
    assert get_state(entry) == WaitingState.WAITING


def test_choosing_times_on_the_booking_page_frees_no_offer(offered, eva):
    yoga = rows.create_service(rows.create_calendar("Otto"), name="Yoga")
    for hour in range(9, 14):
        rows.hold(rows.build_query(yoga), at(hour), client=eva)
    assert accept(offered, eva).state == AppointmentState.CONFIRMED


def test_a_seat_of_a_group_is_offered_to_one_at_a_time(service, eva, luca, holder):
    service.capacity = 2
    service.save()
    query = rows.build_query(service)
    rows.book(query, at(10), client=add_client("Greta"))
    booked = rows.book(query, at(10), client=holder)
    wait_for(service, eva)
    wait_for(service, luca, now=after(1))
    services.cancel_own_appointment(appointment_id=booked.pk, client=holder, rules=query.rules, now=NOW)
    assert offer().entry.client == eva
    assert WaitingListOffer.objects.count() == 1


def test_the_statements_that_look_for_free_times_do_not_grow_with_those_who_wait(
    service, taken, eva, django_assert_max_num_queries
):
    for number in range(20):
        wait_for(service, add_client(f"c{number} waits"))
    with django_assert_max_num_queries(14):
        assert offer() is None
