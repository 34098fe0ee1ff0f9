"""L14, L17: no answer of a portal reveals who is on its client list.

Known and unknown addresses go through the same steps; the answers are compared after masking what differs by design:
tokens, and the address that was typed.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access import services
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, Delivery, DeliveryState
from tests.factories import ClientFactory, ContactFactory

pytestmark = pytest.mark.slow

MAILBOXES = {
    "known": "ana.known@example.com",
    "known with a mobile": "ana.mobile@example.com",
    "shared": "ana.shared@example.com",
    "unknown": "ana.nobody@example.com",
    "archived": "ana.gone@example.com",
    "blocked": "ana.block@example.com",
    "not used for signing in": "ana.news@example.com",
    "of another business": "ana.other@example.com",
}
MOBILES = {
    "known": "+4915112345601",
    "known with a mobile": "+4915112345602",
    "shared": "+4915112345603",
    "unknown": "+4915112345604",
    "archived": "+4915112345605",
    "blocked": "+4915112345606",
    "not used for signing in": "+4915112345607",
    "of another business": "+4915112345608",
}
TOKEN = re.compile(r"[A-Za-z0-9_-]{43,}|[A-Za-z0-9]{32,}")
VALUES = re.compile(r"'(?:[^']|'')*'(?:::\w+(?:\[\])?)?| ?-?\b\d+(?:\.\d+)?\b|\bNULL\b|\btrue\b|\bfalse\b", re.I)
SAVEPOINT = re.compile(r"SAVEPOINT \S+")
PARTS = ("status", "headers", "cookies", "body", "statements")


@pytest.fixture
def clients_of_every_kind(acme, globex, frozen_now):
    """Clients of every kind a stranger might try, by email address and by mobile."""
    with use_business(acme):
        for name in ("known", "known with a mobile", "archived", "blocked"):
            client = ClientFactory(email=MAILBOXES[name], mobile=MOBILES[name])
            if name == "archived":
                services.archive_client(client=client, now=frozen_now)
            if name == "blocked":
                services.block_client(client=client, now=frozen_now)
        for _one in range(2):
            ClientFactory(email=MAILBOXES["shared"], mobile=MOBILES["shared"])
        quiet = ClientFactory(email="quiet@example.com")
        for value in (MAILBOXES["not used for signing in"], MOBILES["not used for signing in"]):
            ContactFactory(client=quiet, value=value, may_sign_in=False)
        Delivery.objects.all().delete()
    with use_business(globex):
        ClientFactory(email=MAILBOXES["of another business"], mobile=MOBILES["of another business"])


@pytest.fixture
def frozen_now(time_machine):
    """A frozen clock, so that no answer differs by the second in which it was given."""
    now = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    return now


@pytest.fixture(autouse=True)
def _long_host_cache(monkeypatch, settings):
    """Keep the host cache from expiring in the middle of a comparison."""
    settings.HOST_CACHE_SECONDS = 86_400
    monkeypatch.setattr(hostnames, "known_hosts", {})


def mask_identifier(text, identifier):
    """Return a page without tokens and without the typed address, whole or masked."""
    local, _at, domain = identifier.partition("@")
    for own in (identifier, f"{local[:1]}•••@{domain}", f"{identifier[:3]}•••{identifier[-3:]}"):
        text = text.replace(own, "OWN")
    return TOKEN.sub("TOKEN", text)


def observable_parts(answer, identifier, statements):
    """Return everything in an answer that a stranger could compare."""
    headers = {
        name: mask_identifier(value, identifier) for name, value in answer.headers.items() if name != "Content-Length"
    }
    cookies = {name: {k: v for k, v in morsel.items() if v} for name, morsel in answer.cookies.items()}
    return answer.status_code, headers, cookies, mask_identifier(answer.content.decode(), identifier), statements


def normalise_statements(captured):
    """Return the statements without values, random keys and names of savepoints."""
    return [SAVEPOINT.sub("SAVEPOINT", VALUES.sub("?", query["sql"])) for query in captured.captured_queries]


def observe_step(identifier, call, *args):
    """Run one step and return everything it reveals."""
    with CaptureQueriesContext(connection) as captured:
        answer = call(*args)
    return observable_parts(answer, identifier, normalise_statements(captured))


def walk_through_sign_in(visitor, identifier, time_machine):
    """Go through everything a stranger can do with an address, and return what each step reveals."""
    browser, steps = visitor.browser, []

    def observe(call, *args):
        steps.append(observe_step(identifier, call, *args))

    observe(browser.post, "/sign-in/", {"identifier": identifier})
    observe(browser.get, "/sign-in/")
    observe(browser.get, "/sign-in/code/")
    observe(browser.post, "/sign-in/code/", {"code": "1"})
    observe(browser.post, "/sign-in/resend/", {})
    observe(browser.post, "/sign-in/resend/", {"channel": "sms"})
    observe(browser.post, "/sign-in/resend/", {"channel": "email"})
    time_machine.shift(181)
    observe(browser.post, "/sign-in/resend/", {"channel": "sms"})
    observe(browser.post, "/sign-in/resend/", {})
    observe(browser.get, "/sign-in/code/")
    observe(browser.get, "/sign-in/who/")
    observe(browser.post, "/sign-in/who/", {"client": "1"})
    for _guess in range(5):
        observe(browser.post, "/sign-in/code/", {"code": "2"})
    for _attempt in range(3):
        observe(browser.post, "/sign-in/", {"identifier": identifier})
        for _guess in range(3):
            observe(browser.post, "/sign-in/code/", {"code": "3"})
    observe(browser.get, "/")
    time_machine.shift(-181)
    return steps


def assert_indistinguishable(walkthroughs):
    pattern = walkthroughs["unknown"]
    for name, steps in walkthroughs.items():
        for number, (mine, theirs) in enumerate(zip(steps, pattern, strict=True)):
            for what, one, other in zip(PARTS, mine, theirs, strict=True):
                assert one == other, f"{name}: {what} of step {number} differs from an unknown person's"


@pytest.mark.parametrize(
    ("known_by", "preferred"),
    [(MAILBOXES, "email"), (MAILBOXES, "sms"), (MOBILES, "email")],
    ids=["email", "email where texts are preferred", "phone"],
)
def test_all_addresses_get_the_same_answers_with_the_same_statements(
    acme, clients_of_every_kind, open_visitor, time_machine, known_by, preferred
):
    with use_business(acme):
        PortalSettings.objects.update(default_channel=preferred)
    open_visitor(acme).browser.get("/sign-in/")

    walkthroughs = {
        name: walk_through_sign_in(open_visitor(acme), address, time_machine) for name, address in known_by.items()
    }

    assert 429 in [step[0] for step in walkthroughs["unknown"]], (
        "the walk never came to a limit, so it compares too little"
    )
    assert_indistinguishable(walkthroughs)


def test_clients_who_may_not_sign_in_get_no_code(acme, clients_of_every_kind, open_visitor, outbox):
    for known_by in (MAILBOXES, MOBILES):
        for name in ("unknown", "archived", "blocked", "not used for signing in", "of another business"):
            stranger = open_visitor(acme)
            stranger.request_code(known_by[name])
            stranger.resend(channel="sms")
            stranger.resend(channel="email")
    outbox.deliver_due()

    assert outbox.sent() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.VOID}


def test_clients_who_may_sign_in_get_a_code(acme, clients_of_every_kind, open_visitor, outbox):
    for known_by in (MAILBOXES, MOBILES):
        for name in ("known", "known with a mobile", "shared"):
            open_visitor(acme).request_code(known_by[name])
            outbox.deliver_due()
            assert len(outbox.sent(known_by[name])) == 1, (name, known_by[name])


def test_a_resend_by_text_without_a_mobile_sends_nothing_and_looks_the_same(acme, open_visitor, outbox):
    with use_business(acme):
        ClientFactory(email="bo@example.com")
    known, unknown = open_visitor(acme), open_visitor(acme)
    known.request_code("bo@example.com")
    unknown.request_code("xx@example.com")

    answers = [visitor.resend(channel="sms") for visitor in (known, unknown)]
    outbox.deliver_due()

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [message["channel"] for message in outbox.sent()] == ["email"]


def test_no_code_is_right_for_an_unknown_address(acme, clients_of_every_kind, open_visitor):
    for name in ("unknown", "archived", "blocked", "of another business"):
        stranger = open_visitor(acme)
        stranger.request_code(MAILBOXES[name])
        assert stranger.submit_code(stranger.code()).status_code == 422, name


def test_known_and_unknown_addresses_get_the_same_answers_while_providers_are_down(
    acme, clients_of_every_kind, open_visitor, outbox, time_machine, monkeypatch
):
    from workers.actors import delivery_jobs
    from workers.providers.base import SendResult, SendStatus

    class UnreachableProvider:
        name = "down"
        breaker = type("Breaker", (), {"allow_call": lambda self: True})()

        def send(self, outgoing):
            return SendResult(SendStatus.RETRYABLE, "unreachable")

    monkeypatch.setattr(delivery_jobs, "list_providers_for_channel", lambda channel: [UnreachableProvider()])
    answers = {}
    for name in ("known with a mobile", "unknown"):
        visitor, steps = open_visitor(acme), []
        for step in (
            lambda v=visitor, n=name: v.request_code(MAILBOXES[n]),
            lambda v=visitor: v.resend(channel="sms"),
            lambda v=visitor: v.resend(),
        ):
            answer = step()
            outbox.deliver_due()
            steps.append((answer.status_code, mask_identifier(answer.content.decode(), MAILBOXES[name])))
        answers[name] = steps

    assert answers["known with a mobile"] == answers["unknown"]
    assert [status for status, _body in answers["unknown"]] == [302, 302, 429]


def test_known_and_unknown_addresses_get_the_same_answers_while_the_queue_is_down(
    acme, clients_of_every_kind, open_visitor, monkeypatch, django_capture_on_commit_callbacks
):
    from redis.exceptions import ConnectionError as RedisConnectionError

    from workers.queue import enqueueing

    class UnreachableBroker:
        def enqueue(self, message, *, delay=None):
            raise RedisConnectionError("gone")

    monkeypatch.setattr(enqueueing, "get_broker", lambda: UnreachableBroker())
    enqueueing._breaker.record_success()

    answers = []
    for name in ("known", "unknown"):
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            answers.append(open_visitor(acme).request_code(MAILBOXES[name]).status_code)
        assert callbacks, "no delivery was enqueued, so nothing was tried"

    enqueueing._breaker.record_success()
    assert answers == [302, 302]


def test_attack_mode_treats_known_and_unknown_strangers_alike(acme, clients_of_every_kind, open_visitor):
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    hostnames.invalidate_host_cache()
    open_visitor(acme).browser.get("/sign-in/")

    steps = {name: [observe_step(to, open_visitor(acme).request_code, to)] for name, to in MAILBOXES.items()}

    assert steps["unknown"][0][0] == 429
    assert_indistinguishable(steps)


def test_the_fixture_has_clients_in_every_status(acme, clients_of_every_kind):
    with use_business(acme):
        assert set(Client.objects.values_list("status", flat=True)) == {"active", "archived", "blocked"}
