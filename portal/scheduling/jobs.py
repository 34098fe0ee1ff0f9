"""The jobs about one appointment, one outside calendar or one staff calendar."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from portal.scheduling.services import appointment_matching, outside_calendar_fetches
from portal.scheduling.services.waiting_list import offers


def match_appointment(appointment_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Match an appointment with the client list. Safe to repeat."""
    appointment_matching.match_appointment(appointment_id=appointment_id, now=clock())


def stop_matching(appointment_id: UUID, *, now: datetime) -> str | None:
    """Mark an appointment as one that can't be matched, and return who booked it."""
    appointment = appointment_matching.mark_unmatchable(appointment_id=appointment_id)
    return appointment.contact_name if appointment else None


def resume_matching(appointment_id: UUID, *, now: datetime) -> None:
    """Have an appointment matched after all, at an operator's request."""
    appointment_matching.enqueue_matching_again(appointment_id=appointment_id)


def fetch_outside_calendar(outside_calendar_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Read when an outside calendar is busy. Safe to repeat."""
    outside_calendar_fetches.fetch_outside_calendar(outside_calendar_id=outside_calendar_id, clock=clock)


def stop_fetching(outside_calendar_id: UUID, *, now: datetime) -> str | None:
    """Note that a calendar can't be read because of a fault of ours, and return its name."""
    return outside_calendar_fetches.record_fault(outside_calendar_id=outside_calendar_id, now=now)


def offer_free_times(calendar_id: UUID, *, clock: Callable[[], datetime]) -> None:
    """Offer what has become free in a calendar to those who wait for it. Safe to repeat."""
    offers.offer_free_times(calendar_id=calendar_id, now=clock())
