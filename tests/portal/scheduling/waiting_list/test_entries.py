"""Who can wait for what, and for how many services at once."""

from datetime import timedelta

import pytest

from portal.scheduling import purges
from portal.scheduling.models import Appointment, OfferState, WaitingListEntry, WaitingListOffer, WaitingState
from portal.scheduling.services.waiting_list import entries
from portal.scheduling.services.waiting_list.entries import AlreadyWaiting, WaitingListFull
from portal.scheduling.services.waiting_list.merging import merge_waiting_list_entries
from portal.scheduling.services.waiting_list.preferences import MAX_DAYS, InvalidPreferences
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import get_open_offer, offer, wait_for

DAY, TODAY = MONDAY.date(), NOW.date()


def days(number: int) -> timedelta:
    return timedelta(days=number)


def test_sent_twice_it_is_one_entry(service, eva):
    assert wait_for(service, eva) == wait_for(service, eva)
    assert WaitingListEntry.objects.count() == 1


def test_somebody_waits_for_a_service_once(service, eva):
    first = wait_for(service, eva)
    with pytest.raises(AlreadyWaiting) as refusal:
        wait_for(service, eva, until_on=DAY + days(1))
    assert refusal.value.entry == first


def test_who_left_can_join_again(service, eva):
    left = entries.leave_waiting_list(entry_id=wait_for(service, eva).pk, client=eva, now=NOW)
    assert left.state == WaitingState.WITHDRAWN
    assert wait_for(service, eva).pk != left.pk


def test_the_services_that_one_client_can_wait_for_are_limited(calendar, eva, luca):
    wanted = [rows.create_service(calendar, name=f"Yoga {number}") for number in range(entries.MAX_ENTRIES_PER_CLIENT)]
    for each in wanted:
        wait_for(each, eva)
    with pytest.raises(WaitingListFull):
        wait_for(rows.create_service(calendar), eva)
    assert wait_for(wanted[0], luca)


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        ({"from_on": DAY, "until_on": DAY - days(1)}, "before_from"),
        ({"from_on": TODAY - days(2), "until_on": TODAY - days(1)}, "in_the_past"),
        ({"from_on": DAY, "until_on": DAY + days(MAX_DAYS)}, "too_long"),
        ({"from_on": DAY + days(740), "until_on": DAY + days(741)}, "too_far"),
    ],
)
def test_days_that_make_no_sense_are_refused(service, eva, preferences, reason):
    with pytest.raises(InvalidPreferences) as refusal:
        wait_for(service, eva, **preferences)
    assert (refusal.value.field, refusal.value.reason) == ("until_on", reason)


def test_a_calendar_that_does_not_give_the_service_is_refused(service, eva):
    with pytest.raises(InvalidPreferences):
        wait_for(service, eva, calendar_id=rows.create_calendar("Otto").pk)


@pytest.mark.parametrize("fields", [{"visibility": "staff"}, {"archived_at": NOW}])
def test_nobody_waits_for_a_service_that_clients_can_not_book(calendar, eva, fields):
    with pytest.raises(InvalidPreferences):
        wait_for(rows.create_service(calendar, **fields), eva)


def test_who_leaves_lets_go_what_they_are_offered(service, eva, query):
    entry = wait_for(service, eva)
    assert offer()
    entries.leave_waiting_list(entry_id=entry.pk, client=eva, now=NOW)
    assert WaitingListOffer.objects.get().state == OfferState.WITHDRAWN
    assert rows.list_starts(query) == [at(10)]


def test_the_entry_of_somebody_else_can_not_be_left(service, eva, luca):
    entry = wait_for(service, eva)
    with pytest.raises(WaitingListEntry.DoesNotExist):
        entries.leave_waiting_list(entry_id=entry.pk, client=luca, now=NOW)


def test_an_entry_ends_after_its_last_day_by_the_clocks_of_the_business(service, eva, taken):
    entry = wait_for(service, eva)
    assert entries.end_overdue_entries(now=at(23, 59)) == 0
    assert entries.end_overdue_entries(now=at(0, days=1)) == 1
    entry.refresh_from_db()
    assert entry.state == WaitingState.ENDED


def test_merged_cards_wait_once(service, calendar, eva, luca):
    kept = wait_for(service, eva)
    moved = wait_for(rows.create_service(calendar, name="Yoga"), luca)
    twice = wait_for(service, luca)
    merge_waiting_list_entries(eva.pk, luca.pk, NOW)
    found = {entry.pk: entry.state for entry in WaitingListEntry.objects.filter(client=eva)}
    assert found == {kept.pk: "waiting", moved.pk: "waiting", twice.pk: "withdrawn"}


def test_an_offer_of_an_erased_client_frees_the_time(service, eva, query):
    wait_for(service, eva)
    offered = offer()
    entries.release_offered_time(offered.appointment.pk)
    WaitingListEntry.objects.all().delete()
    assert get_open_offer() is None
    assert not Appointment.objects.exists()
    assert rows.list_starts(query) == [at(10)]


def test_entries_are_deleted_a_year_after_they_ended(service, eva, luca):
    entries.leave_waiting_list(entry_id=wait_for(service, eva).pk, client=eva, now=NOW)
    wait_for(service, luca)
    assert purges.purge_waiting_list_entries(NOW + days(365), 10) == 0
    assert purges.purge_waiting_list_entries(NOW + days(366), 10) == 1
    assert WaitingListEntry.objects.get().client == luca
