"""The sign-in history of a demo business.

Nothing happened within the last day, so that the limits on codes are not used up for the clients a visitor tries out.
"""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Max

from portal.access.demo.sign_in_scenarios import (
    EMAIL_SCENARIOS,
    ONE_WRONG_CODE,
    SMS_SCENARIOS,
    SUCCESS,
    UNKNOWN_ADDRESS,
    Scenario,
)
from portal.access.demo.simulated_sign_ins import RowBuffer, SimulatedSignIn, SimulatedUser
from portal.access.models import ClientSession
from portal.clients.identifiers import Identifier, parse_email
from portal.clients.models import Client, ClientStatus, Contact, ContactKind
from tenants.nouns.demo_business import DemoBusiness

DEVICES = (
    "Safari on iPhone",
    "Chrome on Android",
    "Firefox on Windows",
    "Chrome on Windows",
    "Safari on Mac",
    "Edge on Windows",
    "Samsung Internet on Android",
)
MISTYPED_ADDRESSES = ("anna@example.com", "bo@exmaple.com", "office@example.org", "ana@example.org")
WAKING_HOURS = (7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21)
QUIET_PERIOD = timedelta(hours=26)
HISTORY_LENGTH = timedelta(days=75)


def seed_sign_in_history(demo_business: DemoBusiness) -> None:
    """Create the sign-ins of a demo business's clients in the weeks before `now`, and a few by unknown people."""
    buffer, random, now = RowBuffer(), demo_business.create_random("sign-in history"), demo_business.now
    zone, clients = (
        ZoneInfo(demo_business.business.time_zone),
        list(Client.objects.exclude_unlisted().order_by("created_at")),
    )
    for client in clients:
        _simulate_sign_ins(buffer, client, zone, random, now=now)
    for mistyped in MISTYPED_ADDRESSES:
        user = SimulatedUser(parse_email(mistyped), random.choice(DEVICES), random=random)
        start = _move_to_daytime(now - QUIET_PERIOD - timedelta(days=20) * random.random(), zone, random)
        SimulatedSignIn(buffer, user, start=start).run_scenario(UNKNOWN_ADDRESS)
    buffer.flush()
    _set_last_sign_in(clients)


def _simulate_sign_ins(buffer: RowBuffer, client: Client, zone: ZoneInfo, random: Random, *, now: datetime) -> None:
    """Simulate a few sign-ins of one client, in the two browsers they have."""
    latest = _compute_latest_sign_in(client, now=now)
    span = latest - max(client.created_at, latest - HISTORY_LENGTH)
    starts = sorted(
        _move_to_daytime(latest - span * random.random(), zone, random) for _index in range(random.randint(1, 6))
    )
    contacts = list(client.contacts.order_by("kind"))
    email = next((contact.value for contact in contacts if contact.kind == ContactKind.EMAIL), "")
    browsers = [(device, random.randbytes(32)) for device in random.sample(DEVICES, 2)]
    last_on: dict[bytes, ClientSession] = {}
    for number, start in enumerate(starts):
        contact = random.choice(contacts)
        device, digest = random.choice(browsers)
        identifier = Identifier(ContactKind(contact.kind), contact.value)
        user = SimulatedUser(identifier, device, client, email, digest, last_on.get(digest), random)
        sign_in = SimulatedSignIn(buffer, user, start=start, remember_me=random.random() < 0.4)
        sign_in.run_scenario(_choose_scenario(contact, random, is_first=number == 0))
        if sign_in.session:
            last_on[digest] = sign_in.session


def _compute_latest_sign_in(client: Client, *, now: datetime) -> datetime:
    """Return the latest time a client could have signed in: nobody does once archived or blocked."""
    if client.status == ClientStatus.BLOCKED:
        return client.created_at + timedelta(days=8)
    return (client.archived_at or now) - QUIET_PERIOD


def _move_to_daytime(moment: datetime, zone: ZoneInfo, random: Random) -> datetime:
    """Move a time to waking hours in the business's time zone, on the day before."""
    local = moment.astimezone(zone) - timedelta(days=1)
    return local.replace(hour=random.choice(WAKING_HOURS))


def _choose_scenario(contact: Contact, random: Random, *, is_first: bool) -> Scenario:
    scenarios = EMAIL_SCENARIOS if contact.kind == ContactKind.EMAIL else SMS_SCENARIOS
    if is_first:
        return random.choice([SUCCESS, ONE_WRONG_CODE])
    return random.choices(list(scenarios), weights=list(scenarios.values()))[0]


def _set_last_sign_in(clients: list[Client]) -> None:
    """Save when each client last signed in, as signing in does."""
    last = dict(ClientSession.objects.order_by().values_list("client").annotate(Max("created_at")))
    for client in clients:
        client.signed_in_at = last.get(client.pk)
    Client.objects.bulk_update(clients, ["signed_in_at"])
