"""Nobody is offered a time who couldn't come: blocked and archived clients, and those who have another offer then."""

import pytest

from portal.scheduling.models import OfferState, WaitingListOffer
from portal.scheduling.services.waiting_list import offers
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
