"""Fixtures of the browser tests: a live Portico, a real Chromium, and a business for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, expect, sync_playwright

from config.local.chromium import find_or_install_chromium
from config.local.state_dir import StateDir
from portal.branding.demo import seed_branding
from portal.branding.models import PortalSettings
from tenants.context import use_business
from tenants.models import Business
from tests import database_setup
from tests.browser.browser_user import DEFAULT_VIEWPORT, BrowserUser
from tests.browser.live_portal import LivePortal, reset_platform
from tests.browser.portal_visitor import PortalVisitor
from tests.browser.staff_user import StaffUser
from tests.factories import ClientFactory, create_member
from tests.faults.process_cluster import ProcessCluster
from tests.sent_messages import SentMessages

_slug_numbers = count(1)

TIMEOUT_MS = 60_000


@pytest.fixture(scope="session")
def portico_server(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[ProcessCluster]:
    """A web server as in production, on a database of its own: others would cut its connections."""
    directory = tmp_path_factory.mktemp("portico")
    assert (Path(configured.STATIC_ROOT) / "staticfiles.json").exists(), "No pages are built. `make test` builds them."
    with django_db_blocker.unblock(), database_setup.temporary_database(f"{django_db_setup}_browser") as url:
        cluster = ProcessCluster(StateDir(directory), {})
        cluster.env = dict(os.environ) | {
            "DATABASE_URL": url,
            "REDIS_URL": configured.REDIS_URL,
            "BROKER_URL": configured.BROKER_URL,
            "PUBLIC_URL": f"http://localhost:{cluster.port}",
            "DEMO_OUTBOX_DIR": str(directory / "outbox"),
            "PROMETHEUS_MULTIPROC_DIR": str(directory / "metrics"),
            # A suspended business or a new address shows at once, not seconds later.
            "HOST_CACHE_SECONDS": "0",
            # A worker's log tells when it is ready.
            "LOG_LEVEL": "info",
        }
        cluster.start("web")
        yield cluster
        cluster.stop()


@pytest.fixture(scope="package")
def chromium_browser() -> Iterator[Browser]:
    """One Chromium that the tests of this folder share."""
    path = find_or_install_chromium(StateDir.from_environment(), os.environ)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop lives in this thread; Django's queries here are meant to wait.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Long enough for a busy machine; Playwright goes on as soon as a condition holds.
        expect.set_options(timeout=TIMEOUT_MS)
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def outbox(portico_server, settings, django_db_blocker) -> Iterator[SentMessages]:
    """What the live Portico sends, beginning empty and with nobody on the platform.

    Meanwhile this process uses the live Portico's database.
    """
    settings.DEMO_OUTBOX_DIR = portico_server.env["DEMO_OUTBOX_DIR"]
    settings.PUBLIC_URL, settings.PUBLIC_PORT = portico_server.env["PUBLIC_URL"], f":{portico_server.port}"
    if Path(settings.DEMO_OUTBOX_DIR).exists():
        shutil.rmtree(settings.DEMO_OUTBOX_DIR)
    with django_db_blocker.unblock(), database_setup.use_database(portico_server.env["DATABASE_URL"]):
        reset_platform()
        yield SentMessages()


@pytest.fixture
def create_portal(portico_server, outbox) -> Callable[..., LivePortal]:
    """Return a function that creates a business with the demo's branding and no clients."""

    def create_portal(name: str = "Acme Physiotherapy", *, language: str = "en", **portal_settings) -> LivePortal:
        portal = LivePortal.create(name, slug=f"clinic-{next(_slug_numbers)}", language=language)
        with use_business(portal.business):
            seed_branding("acme")
            PortalSettings.objects.update(**portal_settings)
        return portal

    return create_portal


@pytest.fixture
def portal(create_portal) -> LivePortal:
    """A business whose clients are a few of the demo's."""
    portal = create_portal()
    with use_business(portal.business):
        ClientFactory(name="Ana Pereira", email="ana@example.com", mobile="+447700900101")
        ClientFactory(name="Bo Lind", email="bo@example.com")
        ClientFactory(name="Jonas Brandt", email="family@example.com")
        ClientFactory(name="Mia Brandt", email="family@example.com")
    return portal


@pytest.fixture
def acme(outbox) -> Business:
    """Acme, as every platform has it."""
    return Business.objects.get(hostnames__slug="acme")


@pytest.fixture
def open_portal_browser(chromium_browser, outbox) -> Iterator[Callable[..., BrowserUser]]:
    """Return a function that opens a browser for a portal. The test fails if a page causes a browser error."""
    users: list[BrowserUser] = []

    def open_portal_browser(
        portal: LivePortal,
        user_class: type[BrowserUser] = PortalVisitor,
        *,
        size: tuple[int, int] | None = None,
        **context,
    ) -> BrowserUser:
        viewport = dict(zip(("width", "height"), size, strict=True)) if size else DEFAULT_VIEWPORT
        context = {"locale": "en-GB", "viewport": viewport} | context
        users.append(user_class(chromium_browser.new_context(**context), portal, outbox))
        users[-1].context.set_default_timeout(TIMEOUT_MS)
        return users[-1]

    yield open_portal_browser
    for user in users:
        user.close()
    assert [browser_error for user in users for browser_error in user.browser_errors] == []


@pytest.fixture
def ana(open_portal_browser, portal) -> PortalVisitor:
    """Ana's browser. She is a client of the business and not signed in."""
    return open_portal_browser(portal)


@pytest.fixture
def sabine(portal, open_portal_browser) -> StaffUser:
    """Sabine's browser. She owns the business and is not signed in."""
    user = open_portal_browser(portal, StaffUser)
    user.person = create_member(portal.business, "owner").person
    user.person.email = f"sabine@{portal.host}"
    user.person.save()
    return user
