"""When services can be booked: slots from opening hours and busy ranges. It reads no database and no clock."""

from portal.scheduling.availability.calculator import AvailabilityCalculator, find_slots
from portal.scheduling.availability.calendar_choice import choose_calendar
from portal.scheduling.availability.opening_hours import build_opening_spans
from portal.scheduling.availability.rules import (
    BookingWindow,
    BusyRange,
    CalendarRules,
    DateException,
    GroupSession,
    Schedule,
    ServiceRules,
    Slot,
    WeeklyHours,
)
from portal.scheduling.availability.wall_clock import get_instant

__all__ = [
    "AvailabilityCalculator",
    "BookingWindow",
    "BusyRange",
    "CalendarRules",
    "DateException",
    "GroupSession",
    "Schedule",
    "ServiceRules",
    "Slot",
    "WeeklyHours",
    "build_opening_spans",
    "choose_calendar",
    "find_slots",
    "get_instant",
]
