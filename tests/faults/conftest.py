"""What does a test have that kills parts of Portico?"""

import os
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.utils import timezone

from config.local.home import Home
from config.local.postgres import Postgres
from portal.access import tokens
from portal.access.services import CodeRequest, request_code
from portal.clients.identifiers import parse_identifier
from tenants.context import use_business
from tenants.models import Business
from tests import database
from tests.factories import ClientFactory
from tests.fakes.http import FakeSendGrid
from tests.faults.mailbox import Mailbox
from tests.faults.plant import Plant

KEY = "SG.test"


@pytest.fixture
def sendgrid():
    """A SendGrid on loopback."""
    with FakeSendGrid(key=KEY) as server:
        yield server


@pytest.fixture
def mailbox(sendgrid) -> Mailbox:
    """Everybody's mailbox, as far as SendGrid took mail for them."""
    return Mailbox(sendgrid)


@pytest.fixture
def plant(committed_db, sendgrid, tmp_path) -> Plant:
    """A Portico that sends through that SendGrid, with nothing started yet."""
    plant = Plant(Home(tmp_path / "plant"), _env(sendgrid.url, tmp_path))
    yield plant
    plant.stop()


@pytest.fixture
def postgres(committed_db, acme, tmp_path) -> Iterator[Postgres]:
    """A PostgreSQL that may be killed and keeps what it was told, with what this test's database has by now."""
    server = Postgres(Home(tmp_path / "postgres"))
    server.start()
    server.wait()
    database.copy_to_server(server.url)
    yield server
    server.kill()


@pytest.fixture
def doom(plant, tmp_path):
    """Return a function that dooms whichever doomed worker first comes to a point with a row; `left` tells what awaits one."""
    place = tmp_path / "doom"
    plant.env["DOOM"] = str(place)

    def doom(point: str, row_id: object, number: signal.Signals = signal.SIGKILL) -> None:
        (place / point).mkdir(parents=True, exist_ok=True)
        (place / point / str(row_id)).write_text(number.name)

    doom.left = lambda: list(place.glob("*/*"))
    return doom


@pytest.fixture
def client_of():
    """Return a function that puts somebody with an address on a business's file."""

    def client_of(business: Business, email: str, **card) -> str:
        with use_business(business):
            ClientFactory(email=email, **card)
        return email

    return client_of


@pytest.fixture
def ask():
    """Return a function that asks for a code the way the sign-in page does, without a web server."""

    def ask(business: Business, email: str, *, now=None) -> None:
        code_request = CodeRequest(
            identifier=parse_identifier(email, country=business.country),
            browser_digest=tokens.digest(""),
            language="en",
        )
        with use_business(business):
            request_code(business=business, code_request=code_request, under_attack=False, now=now or timezone.now())

    return ask


def _env(sendgrid_url: str, place) -> dict[str, str]:
    """Return a plant's settings: production's limits, and a provider on loopback.

    On a busy machine a provider of ours may be slow and a worker late; neither is given up for it. Nor does a lease
    that runs out help anybody: who gets a code gets it without.
    """
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "REDIS_URL": configured.REDIS_URL,
        "BROKER_URL": configured.BROKER_URL,
        "STATIC_ROOT": str(place / "static"),
        "EMAIL_PROVIDERS": "sendgrid",
        "SENDGRID_API_KEY": KEY,
        "SENDGRID_BASE_URL": sendgrid_url,
        "PROVIDER_READ_TIMEOUT": "60",
        "DELIVERY_LEASE": "3600",
        "TRUSTED_PROXY_COUNT": "1",
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "console",
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(place / "metrics"),
    }
