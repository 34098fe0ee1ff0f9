"""Tell clients of the times that they are offered, in the transaction of the offer."""

from datetime import datetime

from portal.messaging import services as messaging
from portal.scheduling.kinds import WaitingListMessageKind
from portal.scheduling.models import WaitingListOffer
from portal.scheduling.services.notices import find_recipients


def enqueue_offer_notice(offer: WaitingListOffer, *, now: datetime) -> None:
    """Write to the client, unless they have no address; the message is of no use once the offer ends."""
    assert offer.appointment, "an open offer holds a time"
    recipient = find_recipients([offer.appointment]).get(offer.appointment.pk)
    if recipient is None:
        return
    client = offer.entry.client
    message = messaging.build_message(
        WaitingListMessageKind.OFFER,
        channel=recipient.channel,
        to=recipient.to,
        client=client,
        language=client.language,
        subject_id=offer.pk,
        now=now,
    )
    messaging.enqueue_notices([message], deadline=offer.expires_at, now=now)
