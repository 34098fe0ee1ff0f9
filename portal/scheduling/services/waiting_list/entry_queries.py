"""The entries and open offers that pages and programs show, read at once with all that is shown of them."""

from datetime import datetime

from django.db.models import Prefetch

from portal.clients.models import Client
from portal.scheduling.models import AppointmentState, OfferState, WaitingListEntry, WaitingListOffer
from portal.scheduling.models.waiting_list import WaitingListQuerySet


def query_entries() -> WaitingListQuerySet:
    """Return entries with their client, service and calendar; `open_offers` has the offer that waits for an answer."""
    offers = WaitingListOffer.objects.filter(state=OfferState.OPEN).select_related("calendar", "appointment")
    shown: WaitingListQuerySet = WaitingListEntry.objects.select_related("client", "service", "calendar")
    return shown.prefetch_related(Prefetch("offers", queryset=offers, to_attr="open_offers"))


def query_own_entries(client: Client) -> WaitingListQuerySet:
    """Return what a client waits for and has waited for, the newest first."""
    return query_entries().filter(client=client).order_by("-created_at", "-pk")


def get_open_offer(entry: WaitingListEntry, *, now: datetime) -> WaitingListOffer | None:
    """Return what an entry of `query_entries` is offered and can still be answered."""
    offers: list[WaitingListOffer] = entry.open_offers  # type: ignore[attr-defined]
    answerable = (
        offer
        for offer in offers
        if offer.expires_at > now and offer.appointment and offer.appointment.state == AppointmentState.HELD
    )
    return next(answerable, None)
