"""Fixtures of the attack tests: clients, browsers and a server in production."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.test import Client

from portal.access import token_cookies
from portal.access.models import Challenge, ClientSession
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business
from tests.api.provider_webhooks.conftest import sendgrid_signer, twilio_signer
from tests.attacks.production_server import ProductionServer, run_production_server
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, current_code
from tests.portal.clients.conftest import in_acme
from tests.portal.intake.contact_form_steps import match_enquiries, send_contact_form

__all__ = ["in_acme", "sendgrid_signer", "twilio_signer"]


@dataclass
class Visitor:
    """A person with a browser of their own at one business's portal."""

    business: Business
    browser: Client

    def request_code(self, identifier: str = ANA, **more):
        """Request a sign-in code."""
        return self.browser.post("/sign-in/", {"identifier": identifier} | more)

    def request_code_patiently(self, identifier: str = ANA):
        """Request a sign-in code, and again if told to wait a moment. No test sleeps: set ATTACK_MODE_DELAY to zero."""
        answer = self.request_code(identifier)
        if answer.status_code == 429 and "wait_token" in answer.context:
            return self.request_code(identifier, wait_token=answer.context["wait_token"])
        return answer

    def submit_code(self, code: str, **more):
        """Submit a code."""
        return self.browser.post("/sign-in/code/", {"code": code} | more)

    def sign_in(self) -> int:
        """Request a code and submit it; return the status of the answer."""
        self.request_code()
        return self.submit_code(self.code()).status_code

    def resend(self, **more):
        """Request another code."""
        return self.browser.post("/sign-in/resend/", more)

    def request_home_status(self) -> int:
        """Return the status of the portal's home: 200 for clients, 302 for strangers."""
        return self.browser.get("/").status_code

    @property
    def challenge(self) -> Challenge:
        """The challenge whose cookie the browser holds."""
        from tenants import tokens

        token = self.browser.cookies[token_cookies.CHALLENGE].value
        with use_business(self.business):
            return Challenge.objects.get(browser_digest=tokens.digest_token(token))

    def code(self, generation: int | None = None) -> str:
        """Return the newest code sent for this challenge, or that of one generation."""
        with use_business(self.business):
            return current_code(self.challenge, generation)

    def wrong_codes(self) -> list[str]:
        """Return codes none of which was sent for this challenge."""
        challenge = self.challenge
        with use_business(self.business):
            sent = {current_code(challenge, generation) for generation in range(len(challenge.sent_at))}
        return [code for number in range(300) if (code := f"{number:0{challenge.code_length}d}") not in sent]


@pytest.fixture
def open_visitor() -> Callable[[Business], Visitor]:
    """Return a function that opens a fresh browser at a portal, from a network of its own by default."""
    networks = iter(f"10.{high}.{low}.1" for high in range(256) for low in range(256))

    def open_visitor(business: Business, **environ) -> Visitor:
        environ = {"REMOTE_ADDR": next(networks)} | environ
        return Visitor(business, Client(headers={"host": hostnames.get_portal_host(business)}, **environ))

    return open_visitor


@pytest.fixture
def no_wait(settings):
    """Let whoever is told to wait go on at once."""
    settings.ATTACK_MODE_DELAY = timedelta(0)


@pytest.fixture
def replace_digest_key(settings):
    """Return a function that returns the steps in which the runbook replaces a key of DIGEST_KEYS."""
    old, new = b"o" * 32, b"n" * 32
    settings.DIGEST_KEYS = {"old": old}
    keyrings = {"old": old, "new": new}, {"new": new, "old": old}
    return lambda: [partial(setattr, settings, "DIGEST_KEYS", keyring) for keyring in keyrings]


@pytest.fixture
def advance_time(time_machine):
    """Return a function that moves the clock on by a number of seconds."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine.shift


@pytest.fixture
def count_sessions() -> Callable[[Business], int]:
    """Return a function that counts the live sessions of a business."""

    def count_sessions(business: Business) -> int:
        with use_business(business):
            return ClientSession.objects.filter(ended_at=None).count()

    return count_sessions


@pytest.fixture(scope="session")
def production_server(django_db_setup, tmp_path_factory) -> Iterator[ProductionServer]:
    """A web server in production, on this worker's database."""
    with run_production_server(tmp_path_factory.mktemp("production")) as server:
        yield server


@pytest.fixture
def same_name_clients(acme, globex):
    """Ana at Acme and Ana at Globex, two different people with the same email address, mobile and primary key."""
    namesakes = []
    for business in (acme, globex):
        with use_business(business):
            namesakes.append(ClientFactory(name=f"Ana of {business.name}", email=ANA, mobile=MOBILE))
    assert namesakes[0].pk == namesakes[1].pk
    return namesakes


@pytest.fixture
def attacker(acme, open_visitor):
    """Mallory, who is a client of Acme as well, signed in."""
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = open_visitor(acme)
    mallory.request_code("mallory@example.com")
    mallory.submit_code(mallory.code())
    assert mallory.request_home_status() == 200
    return mallory


@pytest.fixture
def signed_in_ana(acme, ana, open_visitor):
    """Ana, signed in at Acme."""
    visitor = open_visitor(acme)
    assert visitor.sign_in() == 302
    return visitor


@pytest.fixture
def challenged_ana(acme, ana, open_visitor):
    """Another browser of Ana's, which waits for her to type a code that goes to her mailbox and to her mobile."""
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.resend(channel="sms")
    return visitor


@pytest.fixture
def send_form(acme, open_visitor, advance_time):
    """Return a function that sends the contact form at Acme and has it matched."""

    def send_form(**typed):
        assert send_contact_form(open_visitor(acme).browser, advance_time, **typed).status_code == 302
        match_enquiries(acme)

    return send_form
