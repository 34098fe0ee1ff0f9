"""What clients answer to offers, and the offers that nobody answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    AppointmentState,
    OfferState,
    SchedulingSettings,
    WaitingListOffer,
    WaitingState,
)
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.booking import BookingDetails, book_hold
from portal.scheduling.services.slots import SlotUnavailable
from portal.scheduling.services.waiting_list.bookings import end_waiting
from portal.scheduling.services.waiting_list.entries import end_overdue_entries, get_today, release_offered_time
from portal.scheduling.services.waiting_list.offers import offer_free_times
from portal.scheduling.services.waiting_list.waiting_events import change_entry, close_offer

# Whoever lets so many offers of an entry pass without an answer is off the list.
MAX_UNANSWERED = 3


class OfferOver(Exception):
    """The offer was answered or withdrawn, or has ended."""


@transaction.atomic
def accept_offer(
    *, offer_id: UUID, client: Client, details: BookingDetails, rules: SchedulingSettings, now: datetime
) -> Appointment:
    """Book what a client is offered, as they would book any other time; sent twice, it is the same booking.

    Raises OfferOver, and WaitingListOffer.DoesNotExist for that of another client.
    """
    lock_client(client.pk)
    offer = get_own_offer(client, offer_id)
    if offer.state == OfferState.ACCEPTED and offer.appointment:
        return offer.appointment
    if not is_open(offer, now=now) or offer.appointment is None or offer.appointment.hold_key is None:
        raise OfferOver
    try:
        booked = book_hold(hold_key=offer.appointment.hold_key, details=details, client=client, rules=rules, now=now)
    except SlotUnavailable as error:
        raise OfferOver from error
    if booked.pk != offer.appointment_id:
        # They have a seat in this group's time already.
        end_waiting(booked, now=now)
    return booked


@transaction.atomic
def decline_offer(*, offer_id: UUID, client: Client, now: datetime) -> WaitingListOffer:
    """Let go what a client is offered, who waits on for another time. Declined twice, it is declined.

    Raises OfferOver, and WaitingListOffer.DoesNotExist for that of another client.
    """
    lock_client(client.pk)
    offer = get_own_offer(client, offer_id)
    if offer.state == OfferState.DECLINED:
        return offer
    if not is_open(offer, now=now):
        raise OfferOver
    release_offered_time(offer.appointment_id)
    close_offer(offer, OfferState.DECLINED, is_by_client=True, now=now)
    change_entry(offer.entry, WaitingState.WAITING, now=now)
    return offer


def get_own_offer(client: Client, offer_id: UUID) -> WaitingListOffer:
    """Return an offer of a client. Raises WaitingListOffer.DoesNotExist for that of another."""
    rows = WaitingListOffer.objects.select_related("entry__service", "entry__client", "calendar", "appointment")
    return rows.get(pk=offer_id, entry__client=client)


def is_open(offer: WaitingListOffer, *, now: datetime) -> bool:
    """Tell whether a client can still answer an offer, whose time is held."""
    is_held = offer.appointment is not None and offer.appointment.state == AppointmentState.HELD
    return offer.state == OfferState.OPEN and is_held and offer.expires_at > now


def refresh_waiting_list(*, now: datetime) -> int:
    """Let offers expire and overdue entries end, and offer what is free; return how many offers were made.

    It repairs what a worker left undone that was killed on the way.
    """
    expire_offers(now=now)
    end_overdue_entries(now=now)
    return offer_free_times(now=now)


def expire_offers(*, now: datetime) -> int:
    """Close the offers that nobody can answer any more, and return how many there were."""
    is_over = Q(expires_at__lte=now) | Q(appointment=None) | ~Q(appointment__state=AppointmentState.HELD)
    rows = WaitingListOffer.objects.filter(is_over, state=OfferState.OPEN).order_by("expires_at", "pk")
    keys = list(rows.values_list("pk", "entry__client_id")[:500])
    return sum(_expire(pk, client_id, now=now) for pk, client_id in keys)


@transaction.atomic
def _expire(offer_id: UUID, client_id: UUID, *, now: datetime) -> int:
    """Close one offer by what became of its time. One that was answered meanwhile is left."""
    lock_client(client_id)
    rows = WaitingListOffer.objects.select_related("entry__service", "appointment__entry")
    offer = rows.filter(pk=offer_id, entry__client=client_id, state=OfferState.OPEN).first()
    if offer is None or is_open(offer, now=now):
        return 0
    if offer.appointment and offer.appointment.state != AppointmentState.HELD:
        end_waiting(offer.appointment, now=now)
        return 1
    release_offered_time(offer.appointment_id)
    # Before its end, the client has let the time go on another page.
    state = OfferState.EXPIRED if offer.expires_at <= now else OfferState.DECLINED
    close_offer(offer, state, is_by_client=state == OfferState.DECLINED, now=now)
    _wait_on(offer, now=now)
    return 1


def _wait_on(offer: WaitingListOffer, *, now: datetime) -> None:
    """Let a client wait for another time, if there can be one, and they answer at all."""
    entry = offer.entry
    unanswered = entry.offers.filter(state=OfferState.EXPIRED).count()
    is_ended = entry.until_on < get_today(now=now) or unanswered >= MAX_UNANSWERED
    change_entry(entry, WaitingState.ENDED if is_ended else WaitingState.WAITING, now=now)
