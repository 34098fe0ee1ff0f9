"""Past sign-ins whose mail bounced, after which the provider suppressed the address."""

from datetime import timedelta
from random import Random

from portal.access.demo.sign_in_scenarios import CODE_ACCEPTED, SimulatedStep
from portal.access.demo.simulated_sign_ins import RowBuffer, SimulatedSignIn, SimulatedUser
from portal.clients.identifiers import parse_email
from portal.clients.models import Client
from portal.messaging.models import Suppression
from tenants.nouns.demo_business import DemoBusiness

# How long after the request for a code its mail bounces.
BOUNCE_SECONDS = 9


def seed_bounced_sign_ins(demo_business: DemoBusiness) -> None:
    """Simulate, for each suppressed address, the sign-in that led to its suppression."""
    buffer, random = RowBuffer(), demo_business.create_random("bounced sign-ins")
    for suppression in Suppression.objects.order_by("value"):
        _simulate_bounce(buffer, suppression, random)
    buffer.flush()


def _simulate_bounce(buffer: RowBuffer, suppression: Suppression, random: Random) -> None:
    email, client = suppression.value, Client.objects.exclude_unlisted().get(contacts__value=suppression.value)
    user = SimulatedUser(parse_email(email), "Safari on Mac", client, email, random.randbytes(32), random=random)
    start = suppression.since - timedelta(seconds=BOUNCE_SECONDS)
    bounced = SimulatedStep(BOUNCE_SECONDS, "bounced", suppression.reason)
    SimulatedSignIn(buffer, user, start=start).run_scenario((*CODE_ACCEPTED, bounced))
