"""The free times that staff can offer to somebody who waits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from portal.scheduling import services
from portal.scheduling.booking_pages import format_start
from portal.scheduling.console.staff_booking import SHOWN_DAYS, SHOWN_TIMES, build_staff_query
from portal.scheduling.models import WaitingListEntry
from portal.scheduling.services import SlotQuery
from tenants.models import Business


@dataclass(frozen=True)
class OfferableTime:
    """A free time, and what a form sends back to offer it."""

    starts_at: datetime
    value: str


def build_offer_query(business: Business, entry: WaitingListEntry, at: datetime) -> SlotQuery:
    """Return the query of staff for times of what somebody waits for, with whom they want, from an instant on."""
    service = services.query_services_with_needs().get(pk=entry.service_id)
    return build_staff_query(business, service, entry.calendar_id, at)


def list_times(business: Business, entry: WaitingListEntry, *, now: datetime) -> dict[date, list[OfferableTime]]:
    """Return the next free times from the first day on that somebody wants, by day."""
    zone = ZoneInfo(business.time_zone)
    query = build_offer_query(business, entry, max(datetime.combine(entry.from_on, time.min, zone), now))
    by_day = services.group_by_day(services.list_slots(query, now=now), zone)
    return {
        day: [OfferableTime(slot.starts_at, format_start(slot.starts_at)) for slot in by_day[day][:SHOWN_TIMES]]
        for day in sorted(by_day)[:SHOWN_DAYS]
    }
