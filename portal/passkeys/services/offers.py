"""The offer of a passkey on a client's home page."""

from datetime import datetime

from portal.clients.models import Client
from portal.passkeys.models import OfferDismissal, Passkey


def is_offered(client: Client) -> bool:
    """Tell whether to offer a client a passkey: they have none, and have not dismissed the offer."""
    if client.is_demo:
        return False
    dismissals = OfferDismissal.objects.filter(client=client).values("client")
    return not Passkey.objects.filter(client=client).values("client").union(dismissals).exists()


def dismiss_offer(*, client: Client, now: datetime) -> None:
    """Offer a client no passkey again, in any browser."""
    if is_offered(client):
        OfferDismissal.objects.create(client=client, created_at=now)
