"""What happened at a demo business before the demo began?

The same random numbers for the same business, so every machine tells the same story. Nothing
lies within the last day, so that the people you try out have their whole budget of codes.
"""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.access.models import ClientSession
from portal.clients.identifiers import Identifier, parse_email
from portal.clients.models import Client, Contact
from portal.demo.attempts import Attempt, Ledger, Visitor
from portal.demo.plots import BY_EMAIL, BY_SMS, HASTY, SMOOTH, UNKNOWN, Plot

DEVICES = (
    "Safari on iPhone",
    "Chrome on Android",
    "Firefox on Windows",
    "Chrome on Windows",
    "Safari on Mac",
    "Edge on Windows",
    "Samsung Internet on Android",
)
MISTYPED = ("anna@example.com", "bo@exmaple.com", "office@example.org", "ana@example.org")
WAKING_HOURS = (7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21)
QUIET = timedelta(hours=26)
REMEMBERED = timedelta(days=75)


def write_history(*, clients: list[Client], zone: ZoneInfo, random: Random, now: datetime) -> None:
    """Fill the timeline of the business whose schema this thread works in with what led up to `now`."""
    ledger = Ledger()
    for client in clients:
        _tell_of_visits(ledger, client, zone, random, now=now)
    for typed in MISTYPED:
        visitor = Visitor(parse_email(typed), random.choice(DEVICES), random=random)
        start = _by_day(now - QUIET - timedelta(days=20) * random.random(), zone, random)
        Attempt(ledger, visitor, start=start).play(UNKNOWN)
    ledger.write()


def _tell_of_visits(ledger: Ledger, client: Client, zone: ZoneInfo, random: Random, *, now: datetime) -> None:
    """Let a client have signed in a few times, on the one or two browsers they have."""
    latest = _last_moment(client, now=now)
    span = latest - max(client.created_at, latest - REMEMBERED)
    starts = sorted(_by_day(latest - span * random.random(), zone, random) for _visit in range(random.randint(1, 6)))
    contacts = list(client.contacts.order_by("kind"))
    mailbox = next((contact.value for contact in contacts if contact.kind == Contact.Kind.EMAIL), "")
    browsers = [(device, random.randbytes(32)) for device in random.sample(DEVICES, 2)]
    last_on: dict[bytes, ClientSession] = {}
    for number, start in enumerate(starts):
        contact = random.choice(contacts)
        device, digest = random.choice(browsers)
        identifier = Identifier(Contact.Kind(contact.kind), contact.value)
        visitor = Visitor(identifier, device, client, mailbox, digest, last_on.get(digest), random)
        attempt = Attempt(ledger, visitor, start=start, remember_me=random.random() < 0.4)
        attempt.play(_plot(contact, random, is_first=number == 0))
        if attempt.session:
            last_on[digest] = attempt.session


def _last_moment(client: Client, *, now: datetime) -> datetime:
    """Return until when a client may have come: nobody signs in once archived or blocked."""
    if client.status == Client.Status.BLOCKED:
        return client.created_at + timedelta(days=8)
    return (client.archived_at or now) - QUIET


def _by_day(moment: datetime, zone: ZoneInfo, random: Random) -> datetime:
    """Move a moment to waking hours of the business's own time, the day before if need be."""
    local = moment.astimezone(zone) - timedelta(days=1)
    return local.replace(hour=random.choice(WAKING_HOURS))


def _plot(contact: Contact, random: Random, *, is_first: bool) -> Plot:
    plots = BY_EMAIL if contact.kind == Contact.Kind.EMAIL else BY_SMS
    if is_first:
        return random.choice([SMOOTH, HASTY])
    return random.choices(list(plots), weights=list(plots.values()))[0]
