"""Take those off the waiting list who have booked what they waited for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.scheduling.models import Appointment, OfferState, WaitingListEntry, WaitingState
from portal.scheduling.services.waiting_list.entries import withdraw_open_offer
from portal.scheduling.services.waiting_list.preferences import fits
from portal.scheduling.services.waiting_list.waiting_events import change_entry, close_offer
from tenants.context import get_current_business


def end_waiting(appointment: Appointment, *, now: datetime) -> None:
    """Take a client off the list by what was booked for them, offered or not; the caller has locked the client.

    What they are offered beside it is taken back. Whoever booked a time that they did not wait for stays on the list.
    """
    entry = _find_entry(appointment)
    if entry is None:
        return
    offer = entry.offers.filter(state=OfferState.OPEN, appointment=appointment.pk).select_related("entry").first()
    if offer:
        close_offer(offer, OfferState.ACCEPTED, now=now)
    elif not _is_wanted(entry, appointment):
        return
    withdraw_open_offer(entry, now=now)
    change_entry(entry, WaitingState.BOOKED, is_by_client=offer is not None, now=now)


def _find_entry(appointment: Appointment) -> WaitingListEntry | None:
    if appointment.client_id is None:
        return None
    theirs = WaitingListEntry.objects.on_list().filter(client=appointment.client_id, service=appointment.service_id)
    return theirs.select_related("service").first()


def _is_wanted(entry: WaitingListEntry, appointment: Appointment) -> bool:
    business = get_current_business()
    assert business, "an appointment belongs to a business"
    zone = ZoneInfo(business.time_zone)
    return fits(entry, appointment.starts_at, [appointment.entry.calendar_id], zone)
