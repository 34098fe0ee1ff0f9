"""Who is attacked, and with what?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.access import cookies
from portal.access.models import Challenge, ClientSession
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business
from tests.attacks.production import Production, running
from tests.factories import ClientFactory
from tests.portal.access.people import ANA, MOBILE, code_of


@dataclass
class Visitor:
    """Somebody at a browser of their own, at one business's portal."""

    business: Business
    browser: Client

    def ask(self, identifier: str = ANA, **more):
        """Ask for a code."""
        return self.browser.post("/sign-in/", {"identifier": identifier} | more)

    def type(self, code: str, **more):
        """Type a code."""
        return self.browser.post("/sign-in/code/", {"code": code} | more)

    def resend(self, **more):
        """Ask for another code."""
        return self.browser.post("/sign-in/resend/", more)

    def home(self) -> int:
        """Return the status of the portal's home: 200 for clients, 302 for strangers."""
        return self.browser.get("/").status_code

    @property
    def challenge(self) -> Challenge:
        """Return the attempt that the browser holds a cookie for."""
        from portal.access import tokens

        token = self.browser.cookies[cookies.CHALLENGE].value
        with use_business(self.business):
            return Challenge.objects.get(browser_digest=tokens.digest(token))

    def code(self, generation: int | None = None) -> str:
        """Return the newest code sent for this attempt, or that of one generation, as only its reader knows it."""
        with use_business(self.business):
            return code_of(self.challenge, generation)

    def wrong_codes(self) -> list[str]:
        """Return codes none of which was ever sent for this attempt."""
        challenge = self.challenge
        with use_business(self.business):
            sent = {code_of(challenge, generation) for generation in range(len(challenge.sent_at))}
        return [code for number in range(300) if (code := f"{number:0{challenge.digits}d}") not in sent]


@pytest.fixture
def visit() -> Callable[[Business], Visitor]:
    """Return a function that opens a fresh browser at a portal, from a network of its own unless told."""
    networks = iter(f"10.{high}.{low}.1" for high in range(256) for low in range(256))

    def visit(business: Business, **environ) -> Visitor:
        environ = {"REMOTE_ADDR": next(networks)} | environ
        return Visitor(business, Client(headers={"host": hostnames.portal_host(business)}, **environ))

    return visit


@pytest.fixture
def ana(acme):
    """Ana Pereira of Acme, with a mailbox and a mobile."""
    with use_business(acme):
        return ClientFactory(name="Ana Pereira", email=ANA, mobile=MOBILE)


@pytest.fixture
def later(time_machine):
    """Return a function that lets seconds pass."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine.shift


@pytest.fixture
def sessions_at() -> Callable[[Business], int]:
    """Return a function that counts the live sessions of a business."""

    def sessions_at(business: Business) -> int:
        with use_business(business):
            return ClientSession.objects.filter(ended_at=None).count()

    return sessions_at


@pytest.fixture(scope="session")
def production(django_db_setup, tmp_path_factory) -> Iterator[Production]:
    """A web server in production, on this worker's database."""
    with running(tmp_path_factory.mktemp("production")) as server:
        yield server


@pytest.fixture
def twins(acme, globex):
    """Ana at Acme and Ana at Globex, two strangers with one mailbox, one name and one key."""
    twins = []
    for business in (acme, globex):
        with use_business(business):
            twins.append(ClientFactory(name=f"Ana of {business.name}", email=ANA, mobile=MOBILE))
    assert twins[0].pk == twins[1].pk
    return twins


@pytest.fixture
def mallory(acme, visit):
    """Mallory, who is a client of Acme as well, signed in."""
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = visit(acme)
    mallory.ask("mallory@example.com")
    mallory.type(mallory.code())
    assert mallory.home() == 200
    return mallory


@pytest.fixture
def signed_in(acme, ana, visit):
    """Ana, signed in at Acme."""
    here = visit(acme)
    here.ask()
    assert here.type(here.code()).status_code == 302
    return here
