"""What the templates of an offer to somebody on the waiting list are given, while it can be answered."""

from datetime import datetime
from typing import Any

from django.utils import translation

from portal.clients.models import Contact
from portal.messaging.models import Message
from portal.scheduling import mail_texts
from portal.scheduling.models import Appointment, WaitingListOffer
from portal.scheduling.services.waiting_list.answers import is_open
from portal.ui.formatting import datetime_with_zone
from tenants.context import get_current_business


def build_offer_context(message: Message, *, now: datetime) -> dict[str, Any] | None:
    """Return the template context of an offer, or None when it is over or the address is not the client's any more."""
    offer = _find_offer(message)
    if offer is None or offer.appointment is None or not is_open(offer, now=now) or not _is_theirs(message, offer):
        return None
    business = get_current_business()
    assert business, "a waiting list belongs to a business"
    with translation.override(message.language or business.language):
        return _describe(offer, offer.appointment)


def _find_offer(message: Message) -> WaitingListOffer | None:
    assert message.subject_id, "a message about an offer has its key"
    shown = ("entry__client", "appointment__service", "appointment__client", "calendar")
    offers = WaitingListOffer.objects.exclude_demo().select_related(*shown)
    return offers.filter(pk=message.subject_id, entry__client=message.client_id).first()


def _is_theirs(message: Message, offer: WaitingListOffer) -> bool:
    own = Contact.objects.usable_for_sign_in().filter(client=offer.entry.client_id, value=message.to)
    return own.exists()


def _describe(offer: WaitingListOffer, hold: Appointment) -> dict[str, Any]:
    business = get_current_business()
    assert business, "a waiting list belongs to a business"
    zone = mail_texts.choose_time_zone(hold, business)
    return {
        "offer": str(offer.pk),
        "service": hold.service.name,
        "staff": offer.calendar.name,
        "start": datetime_with_zone(offer.starts_at, zone),
        "when": mail_texts.describe_instant(offer.starts_at, zone, business),
        "place": mail_texts.describe_place(hold),
        "until": datetime_with_zone(offer.expires_at, zone),
    }
