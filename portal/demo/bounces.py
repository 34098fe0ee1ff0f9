"""A bounced mail and a suppressed address for one client of each business, which sign-in support can show."""

from datetime import datetime, timedelta
from random import Random

from portal.clients.identifiers import parse_email
from portal.clients.models import Client, Contact
from portal.demo.history import QUIET_PERIOD
from portal.demo.scenarios import CODE_ACCEPTED, ScenarioStep
from portal.demo.simulated_sign_ins import RowBuffer, SimulatedSignIn, SimulatedUser
from portal.messaging.models import Suppression
from tenants.models import Channel

BOUNCED_CLIENTS = {"acme": "Amelie Krüger", "globex": "Aaron Blake"}
BOUNCE_REASON = "mailbox-disabled"
BOUNCED = (*CODE_ACCEPTED, ScenarioStep(9, "bounced", BOUNCE_REASON))


def seed_bounce(slug: str, client_list: list[Client], *, now: datetime) -> None:
    """Simulate a sign-in whose mail bounced, after which the provider suppresses the address."""
    client = next(client for client in client_list if client.name == BOUNCED_CLIENTS[slug])
    mailbox = client.contacts.filter(kind=Contact.Kind.EMAIL).values_list("value", flat=True)[0]
    buffer, random = RowBuffer(), Random(f"{slug} trouble")  # noqa: S311  (a story, not a secret)
    start = now - QUIET_PERIOD - timedelta(hours=1)
    user = SimulatedUser(parse_email(mailbox), "Safari on Mac", client, mailbox, random.randbytes(32), None, random)
    SimulatedSignIn(buffer, user, start=start).run(BOUNCED)
    buffer.flush()
    attributes = {"provider": "sendgrid", "reason": BOUNCE_REASON, "since": start + timedelta(seconds=9)}
    Suppression.objects.create(value=mailbox, channel=Channel.EMAIL, **attributes)
