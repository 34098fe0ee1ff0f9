"""Nobody is offered a time who couldn't come: blocked and archived clients, and those who have another offer then."""

from datetime import timedelta

import pytest

from portal.scheduling.models import OfferState, WaitingListOffer
from portal.scheduling.services.waiting_list import free_times, offers
from portal.scheduling.services.waiting_list.offers import EntryNotWaiting
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import offer, wait_for


@pytest.mark.parametrize("status", ["blocked", "archived"])
def test_staff_offer_nothing_to_a_client_who_can_not_sign_in(service, query, eva, status):
    entry = wait_for(service, eva)
    eva.status = status
    eva.save()
    with pytest.raises(EntryNotWaiting):
        offers.offer_time(query, at(10), entry_id=entry.pk, now=NOW)
    assert rows.list_starts(query) == [at(10)]


def test_a_client_who_waits_for_two_services_is_offered_one_of_them_at_a_time(service, eva):
    other = rows.create_service(rows.create_calendar("Nora", hours=(600, 660)), name="Yoga")
    wait_for(service, eva)
    wait_for(other, eva)
    for _run in range(2):
        offer()
        assert [row.starts_at for row in WaitingListOffer.objects.filter(state=OfferState.OPEN)] == [at(10)]


def test_no_more_than_two_times_are_kept_for_one_client(service, eva):
    for number in range(4):
        hours = (600 + 60 * number, 660 + 60 * number)
        wait_for(rows.create_service(rows.create_calendar(f"Nora {number}", hours=hours), name=f"Yoga {number}"), eva)
    for _run in range(2):
        offer()

    assert WaitingListOffer.objects.filter(state=OfferState.OPEN).count() == 2


def test_who_waits_for_days_that_can_not_be_booked_yet_keeps_nobody_from_an_offer(service, eva, luca, monkeypatch):
    monkeypatch.setattr(free_times, "MAX_ENTRIES", 1)
    far_off = (NOW + timedelta(days=300)).date()
    wait_for(service, eva, from_on=far_off, until_on=far_off)
    wait_for(service, luca, now=NOW + timedelta(seconds=1))

    assert offer(now=NOW + timedelta(minutes=1)).entry.client == luca
