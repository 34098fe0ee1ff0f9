"""Which of several free calendars gets an appointment."""

from collections.abc import Mapping
from uuid import UUID
from zlib import crc32

from portal.scheduling.availability.rules import Slot
from portal.scheduling.availability.wall_clock import floor_to_minute


def choose_calendar(slot: Slot, appointments_by_calendar: Mapping[UUID, int]) -> UUID:
    """Return the free calendar with the fewest appointments.

    Among equals, a checksum of the start decides: always the same one for one start, and another one for others.
    Raises ValueError if the slot has no calendar.
    """
    fewest = min(appointments_by_calendar.get(one, 0) for one in slot.calendar_ids)
    equals = sorted(one for one in slot.calendar_ids if appointments_by_calendar.get(one, 0) == fewest)
    return equals[crc32(b"%d" % floor_to_minute(slot.starts_at)) % len(equals)]
