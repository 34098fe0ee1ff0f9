"""What does a test in the browser start from? A live Portico, a real Chromium, and a business of its own."""

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
from portal.demo.branding import seed_branding
from portal.profile.models import Profile
from tenants.context import use_business
from tenants.models import Business
from tests import database
from tests.browser.place import Place, reset_platform
from tests.browser.visitor import SIZE, Visitor
from tests.factories import ClientFactory, create_member
from tests.faults.cluster import Cluster
from tests.outbox import Outbox

_numbers = count(1)

TIMEOUT_MS = 60_000


@pytest.fixture(scope="session")
def portico(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Cluster]:
    """A web server as in production, on a database of its own: others would cut its connections."""
    place = tmp_path_factory.mktemp("portico")
    assert (Path(configured.STATIC_ROOT) / "staticfiles.json").exists(), "No pages are built. `make test` builds them."
    with django_db_blocker.unblock(), database.temporary_database(f"{django_db_setup}_browser") as url:
        cluster = Cluster(StateDir(place), {})
        cluster.env = dict(os.environ) | {
            "DATABASE_URL": url,
            "REDIS_URL": configured.REDIS_URL,
            "BROKER_URL": configured.BROKER_URL,
            "PUBLIC_URL": f"http://localhost:{cluster.port}",
            "DEMO_OUTBOX_DIR": str(place / "outbox"),
            "PROMETHEUS_MULTIPROC_DIR": str(place / "metrics"),
            # A suspended business or a new address shows at once, not seconds later.
            "HOST_CACHE_SECONDS": "0",
            # A worker's log tells when it is ready.
            "LOG_LEVEL": "info",
        }
        cluster.start("web")
        yield cluster
        cluster.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests here that follow one another."""
    path = find_or_install_chromium(StateDir.default(), os.environ)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop lives in this thread; Django's queries here are meant to wait.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # As long as a busy machine may take; what is there sooner is seen sooner.
        expect.set_options(timeout=TIMEOUT_MS)
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def outbox(portico, settings, django_db_blocker) -> Iterator[Outbox]:
    """What the live Portico sends, beginning empty and with nobody on the platform.

    While it lasts, this process works on that one's database.
    """
    settings.DEMO_OUTBOX_DIR = portico.env["DEMO_OUTBOX_DIR"]
    settings.PUBLIC_URL, settings.PUBLIC_PORT = portico.env["PUBLIC_URL"], f":{portico.port}"
    if Path(settings.DEMO_OUTBOX_DIR).exists():
        shutil.rmtree(settings.DEMO_OUTBOX_DIR)
    with django_db_blocker.unblock(), database.use_database(portico.env["DATABASE_URL"]):
        reset_platform()
        yield Outbox()


@pytest.fixture
def open_place(portico, outbox) -> Callable[..., Place]:
    """Return a function that opens a business, with the demo's look unless told otherwise, and nobody on file."""

    def open_place(name: str = "Acme Physiotherapy", *, language: str = "en", **profile) -> Place:
        place = Place.opened(name, slug=f"clinic-{next(_numbers)}", language=language)
        with use_business(place.business):
            seed_branding("acme")
            Profile.objects.update(**profile)
        return place

    return open_place


@pytest.fixture
def place(open_place) -> Place:
    """A business with the people of the demo on file."""
    place = open_place()
    with use_business(place.business):
        ClientFactory(name="Ana Pereira", email="ana@example.com", mobile="+447700900101")
        ClientFactory(name="Bo Lind", email="bo@example.com")
        ClientFactory(name="Jonas Brandt", email="family@example.com")
        ClientFactory(name="Mia Brandt", email="family@example.com")
    return place


@pytest.fixture
def acme(outbox) -> Business:
    """Acme, as every platform has it."""
    return Business.objects.get(hostnames__slug="acme")


@pytest.fixture
def visit(chromium, outbox) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a browser at a place. No page may make the browser complain while the test lasts."""
    visitors: list[Visitor] = []

    def visit(place: Place, *, size: tuple[int, int] | None = None, **context) -> Visitor:
        viewport = dict(zip(("width", "height"), size, strict=True)) if size else SIZE
        context = {"locale": "en-GB", "viewport": viewport} | context
        visitors.append(Visitor(chromium.new_context(**context), place, outbox))
        visitors[-1].context.set_default_timeout(TIMEOUT_MS)
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.leave()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def ana(visit, place) -> Visitor:
    """Ana's browser, at the door of a business that knows her."""
    return visit(place)


@pytest.fixture
def sabine(place, visit) -> Visitor:
    """Sabine's browser; she owns the place."""
    visitor = visit(place)
    visitor.person = create_member(place.business, "owner").person
    visitor.person.email = f"sabine@{place.host}"
    visitor.person.save()
    return visitor
