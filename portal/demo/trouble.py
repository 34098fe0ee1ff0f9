"""Whose code did not arrive when the demo begins? One client of each business, so that sign-in help has something to say."""

from datetime import datetime, timedelta
from random import Random

from portal.clients.identifiers import parse_email
from portal.clients.models import Client, Contact
from portal.demo.attempts import Attempt, Ledger, Visitor
from portal.demo.history import QUIET
from portal.demo.plots import ASKED, Step
from portal.messaging.models import Suppression
from tenants.models import Channel

UNLUCKY = {"acme": "Amelie Krüger", "globex": "Aaron Blake"}
GONE = "mailbox-disabled"
RETURNED = (*ASKED, Step(9, "bounced", GONE))


def write_trouble(slug: str, listed: list[Client], *, now: datetime) -> None:
    """Let somebody's mail have bounced for good, so that the provider sends there no more."""
    client = next(one for one in listed if one.name == UNLUCKY[slug])
    mailbox = client.contacts.filter(kind=Contact.Kind.EMAIL).values_list("value", flat=True)[0]
    ledger, random = Ledger(), Random(f"{slug} trouble")  # noqa: S311  (a story, not a secret)
    start = now - QUIET - timedelta(hours=1)
    visitor = Visitor(parse_email(mailbox), "Safari on Mac", client, mailbox, random.randbytes(32), None, random)
    Attempt(ledger, visitor, start=start).play(RETURNED)
    ledger.write()
    facts = {"provider": "sendgrid", "reason": GONE, "since": start + timedelta(seconds=9)}
    Suppression.objects.create(value=mailbox, channel=Channel.EMAIL, **facts)
