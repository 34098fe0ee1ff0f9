"""The next time at which each of several services can be booked, from five statements for all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from portal.scheduling.availability import AvailabilityCalculator
from portal.scheduling.models import SchedulingSettings, Service
from portal.scheduling.services.schedules import ReadRange, build_service_rules, load_schedule
from portal.scheduling.services.slots import build_booking_window
from tenants.models import Business

# Whoever has no free time in so many days will want to know.
LOOKAHEAD = timedelta(days=14)


def find_next_slots(
    business: Business, rules: SchedulingSettings, services: Sequence[Service], *, now: datetime
) -> dict[UUID, datetime]:
    """Return the next start of each service that was read by `query_services_with_needs`, if there is one soon."""
    window = build_booking_window(business, rules, now=now)
    until_at = min(window.opens_at + LOOKAHEAD, window.closes_at)
    if not services or not rules.is_on or window.opens_at >= until_at:
        return {}
    every = [build_service_rules(service, rules) for service in services]
    schedule = load_schedule(every, ReadRange(window.opens_at, until_at))
    calculator = AvailabilityCalculator(schedule, window.opens_at, until_at)
    found = {each.service_id: calculator.find_slots(each, window) for each in every}
    return {pk: slots[0].starts_at for pk, slots in found.items() if slots}
