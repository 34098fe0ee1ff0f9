"""A suppressed address for one client of each demo business, which sign-in support can show."""

from datetime import timedelta

from portal.clients.models import Contact, ContactKind
from portal.messaging.models import Suppression
from tenants.models import Channel
from tenants.nouns.demo_business import DemoBusiness

SUPPRESSED_CLIENTS = {"acme": "Amelie Krüger", "globex": "Aaron Blake"}


def seed_suppression(demo_business: DemoBusiness) -> None:
    """Add one client's email address to the list of those that the provider refuses to send to."""
    name = SUPPRESSED_CLIENTS[demo_business.slug]
    email = Contact.objects.get(client__name=name, kind=ContactKind.EMAIL).value
    since = demo_business.now - timedelta(hours=27)
    attributes = {"provider": "sendgrid", "reason": "mailbox-disabled", "since": since}
    Suppression.objects.create(value=email, channel=Channel.EMAIL, **attributes)
