"""Steps of those who wait for a time, and of the jobs that offer it to them."""

from datetime import timedelta
from typing import Any

from portal.clients.models import Client
from portal.scheduling.models import OfferState, SchedulingSettings, Service, WaitingListEntry, WaitingListOffer
from portal.scheduling.services import BookingDetails, query_services_with_needs
from portal.scheduling.services.waiting_list import answers, entries, offers
from portal.scheduling.services.waiting_list.preferences import WaitingPreferences
from tests.factories import ClientFactory
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, RULES


def add_client(name: str, **fields: Any) -> Client:
    """Add a client who can be written to."""
    return ClientFactory(name=name, **{"email": f"{name.split()[0].lower()}@example.com"} | fields)


def build_preferences(service: Service, **preferences: Any) -> WaitingPreferences:
    """Return the preferences for a time of a service on MONDAY."""
    needs = query_services_with_needs().get(pk=service.pk)
    return WaitingPreferences(**{"service": needs, "from_on": MONDAY.date(), "until_on": MONDAY.date()} | preferences)


def wait_for(service: Service, client: Client, *, now=NOW, **preferences: Any) -> WaitingListEntry:
    """Put a client on the list for MONDAY."""
    return entries.join_waiting_list(build_preferences(service, **preferences), client=client, now=now)


def offer(*, now=NOW) -> WaitingListOffer | None:
    """Offer what is free, and return the latest offer that waits for an answer."""
    offers.offer_free_times(now=now)
    return get_open_offer()


def get_open_offer() -> WaitingListOffer | None:
    """Return the latest offer that waits for an answer."""
    waiting = WaitingListOffer.objects.filter(state=OfferState.OPEN).select_related("entry__client", "appointment")
    return waiting.order_by("-created_at").first()


def accept(offered: WaitingListOffer, client: Client, *, rules: SchedulingSettings = RULES, now=NOW):
    """Accept an offer."""
    fields = {"details": BookingDetails(), "rules": rules, "now": now}
    return answers.accept_offer(offer_id=offered.pk, client=client, **fields)


def after(minutes: int):
    """Return the time so many minutes after NOW."""
    return NOW + timedelta(minutes=minutes)
