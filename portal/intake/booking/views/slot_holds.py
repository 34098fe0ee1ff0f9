"""Hold a time for a page, and find what a page holds or has booked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation

from portal.intake.booking.hold_tokens import HoldToken, read_hold_token
from portal.intake.booking.views.visits import BookingVisit
from portal.scheduling.availability import Slot
from portal.scheduling.models import Appointment, AppointmentSource, AppointmentState, Service
from portal.scheduling.services import (
    HoldRequest,
    SlotQuery,
    SlotUnavailable,
    build_booking_window,
    get_hold,
    hold_slot,
    list_nearest_slots,
)
from tenants.client_ip import get_client_network_block
from tenants.keyed_digests import compute_keyed_digest


@dataclass(frozen=True)
class HeldTime:
    """What a page's address stands for: its token, and the hold or the booking if there is one still."""

    text: str
    token: HoldToken
    appointment: Appointment | None

    @property
    def is_booked(self) -> bool:
        """Tell whether the time was booked."""
        return self.appointment is not None and self.appointment.state != AppointmentState.HELD


def build_query(visit: BookingVisit, service: Service, calendar_id: UUID | None) -> SlotQuery:
    """Return the query for times of a service, in anybody's calendar or in one."""
    return SlotQuery(
        business=visit.business,
        rules=visit.rules,
        service=service,
        from_at=visit.now,
        until_at=visit.now,
        calendar_id=calendar_id,
    )


def hold_time(visit: BookingVisit, query: SlotQuery, starts_at: datetime, hold_key: UUID) -> Appointment:
    """Hold a time. Raises SlotUnavailable and TooManyHolds."""
    window = build_booking_window(visit.business, visit.rules, now=visit.now)
    if get_hold(hold_key) is None and not window.opens_at <= starts_at < window.closes_at:
        raise SlotUnavailable
    request = HoldRequest(
        key=hold_key,
        source=AppointmentSource.PORTAL if visit.client else AppointmentSource.PUBLIC_FORM,
        client=visit.client,
        time_zone=visit.stored_zone,
        language=translation.get_language() or "",
        network_digest=b"" if visit.client else _digest_network(visit),
    )
    return hold_slot(query, starts_at, request, now=visit.now)


def hold_again(visit: BookingVisit, token: HoldToken, service: Service) -> Appointment:
    """Hold the time of a page whose hold has ended, if it is free still. Raises SlotUnavailable and TooManyHolds."""
    return hold_time(visit, build_query(visit, service, token.calendar_id), token.starts_at, token.hold_key)


def find_held_time(visit: BookingVisit, text: str) -> HeldTime | None:
    """Return what an address stands for, or None if it is none of ours, or another client's."""
    token = read_hold_token(text, visit.business)
    if token is None:
        return None
    appointment = get_hold(token.hold_key)
    if appointment and appointment.source == AppointmentSource.PORTAL and appointment.client != visit.client:
        return None
    return HeldTime(text, token, appointment)


def list_other_slots(visit: BookingVisit, query: SlotQuery, wanted_at: datetime) -> list[Slot]:
    """Return the free times nearest to one that has gone; a time outside the booking window counts as its end."""
    window = build_booking_window(visit.business, visit.rules, now=visit.now)
    return list_nearest_slots(query, min(max(wanted_at, window.opens_at), window.closes_at), now=visit.now)


def _digest_network(visit: BookingVisit) -> bytes:
    """Return what tells the visitor's network apart from others without saying which it is."""
    return compute_keyed_digest("portal.intake.network", get_client_network_block(visit.request)).current
