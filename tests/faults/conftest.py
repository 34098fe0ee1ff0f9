"""Fixtures of the tests that kill parts of Portico."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.utils import timezone

from config.local.postgres import PostgresServer
from config.local.state_dir import StateDir
from portal.access.services import CodeRequest
from portal.access.services import request_code as request_access_code
from portal.clients.identifiers import parse_identifier
from tenants import tokens
from tenants.context import use_business
from tenants.models import Business
from tenants.visitor_networks import VisitorNetwork
from tests import database_setup
from tests.factories import ClientFactory
from tests.fakes.fake_providers import FakeSendGrid
from tests.faults.accepted_mails import AcceptedMails
from tests.faults.process_cluster import ProcessCluster

KEY = "SG.test"


@pytest.fixture
def sendgrid():
    """A SendGrid on loopback."""
    with FakeSendGrid(key=KEY) as server:
        yield server


@pytest.fixture
def accepted_mails(sendgrid) -> AcceptedMails:
    """The mails that the fake SendGrid accepted, by recipient."""
    return AcceptedMails(sendgrid)


@pytest.fixture
def processes(committed_db, sendgrid, tmp_path) -> ProcessCluster:
    """A cluster that sends through the fake SendGrid, with nothing started yet."""
    processes = ProcessCluster(StateDir(tmp_path / "cluster"), _build_environment(sendgrid.url, tmp_path))
    yield processes
    processes.stop()


@pytest.fixture
def postgres(committed_db, acme, tmp_path) -> Iterator[PostgresServer]:
    """A PostgreSQL that may be killed and keeps its data, with a copy of the test's database."""
    server = PostgresServer(StateDir(tmp_path / "postgres"))
    server.start()
    server.wait_until_ready()
    database_setup.copy_database_to_server(server.connection_url)
    yield server
    server.kill()


@pytest.fixture
def crash_at(processes, tmp_path):
    """Return a function that plans a crash at a point with a row; `pending` lists the crashes to come."""
    directory = tmp_path / "crash_at"
    processes.env["CRASH_DIR"] = str(directory)

    def crash_at(point: str, row_id: object, number: signal.Signals = signal.SIGKILL) -> None:
        (directory / point).mkdir(parents=True, exist_ok=True)
        (directory / point / str(row_id)).write_text(number.name)

    crash_at.pending = lambda: list(directory.glob("*/*"))
    return crash_at


@pytest.fixture
def create_client_with_email():
    """Return a function that creates a client with an email address and returns the address."""

    def create_client_with_email(business: Business, email: str, **card) -> str:
        with use_business(business):
            ClientFactory(email=email, **card)
        return email

    return create_client_with_email


@pytest.fixture
def request_code_directly():
    """Return a function that requests a code as the sign-in page does, without a web server."""

    def request_code_directly(business: Business, email: str, *, now=None) -> None:
        code_request = CodeRequest(
            identifier=parse_identifier(email, country=business.country),
            browser_digest=tokens.digest_token(""),
            network=VisitorNetwork(),
            language="en",
        )
        with use_business(business):
            request_access_code(
                business=business, code_request=code_request, under_attack=False, now=now or timezone.now()
            )

    return request_code_directly


def _build_environment(sendgrid_url: str, directory) -> dict[str, str]:
    """Return a cluster's settings: production's limits, and a provider on loopback.

    On a busy machine a provider of ours may be slow and a worker late; neither is given up for it. Nor does a lease
    that runs out help anybody: who gets a code gets it without.
    """
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "REDIS_URL": configured.REDIS_URL,
        "BROKER_URL": configured.BROKER_URL,
        "STATIC_ROOT": str(directory / "static"),
        "EMAIL_PROVIDERS": "sendgrid",
        "SENDGRID_API_KEY": KEY,
        "SENDGRID_BASE_URL": sendgrid_url,
        "PROVIDER_READ_TIMEOUT": "60",
        "DELIVERY_LEASE": "3600",
        "TRUSTED_PROXY_COUNT": "1",
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "console",
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(directory / "metrics"),
    }
