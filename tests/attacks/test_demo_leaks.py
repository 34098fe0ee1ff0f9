"""Demo clients appear in no list, count, search, export or message of the console."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client as Browser

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, Note, Suggestion, Tag
from portal.clients.services import update_search_text
from portal.intake.models import Enquiry
from portal.messaging.kinds import MessagingEvent
from portal.messaging.models import ChatMessage, Message
from tenants.context import use_business
from tenants.models import Business, Delivery, DeliveryState, Role
from tenants.nouns import registry
from tests.attacks.console_routes import ALLOWED_METHODS, BUSINESS_PATTERNS
from tests.factories import ClientFactory, create_member, create_session
from tests.portal.impersonation.impersonation_steps import follow_impersonation

pytestmark = pytest.mark.slow

MARK = "Zebulon"
LONG_AFTER = timedelta(days=10_000)
DEMO = "/console/acme/portal/demo/"
# What differs from one answer to the next whoever is there: tokens, keys and clocks.
VOLATILE = re.compile(
    rb'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|[0-9a-f]{8}-[0-9a-f-]{27}'
    rb'|\d\d:\d\d(:\d\d)?|data-\w*seconds="\d+"'
)
# Every download leaves a line of its own on the timeline. Tied to where a line begins, or a long one costs its square.
OWN_ACTIVITY = re.compile(rb"(?m)^[^\n]*Activity exported[^\n]*\n")
# Asked in every way that could bring a client up.
QUERIES = ("", f"?q={MARK}", "?q=robin%40demo.invalid", "?q=%2B447700900999", "?status=all", "?sort=-created&page=1")


@pytest.fixture(scope="module")
def _owner_session_key(module_db) -> str:
    """The session, for all tests, of an owner who viewed as a client the business with its one real client."""
    acme = Business.objects.get(hostnames__slug="acme")
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira", email="ana@example.com")
        update_search_text([ana.pk])
    session = create_session(create_member(acme, Role.OWNER).person)
    browser = _open_console(session)
    # So that what the owner did before stands on the timeline both times.
    follow_impersonation(browser, DEMO, acme)
    browser.post(f"{DEMO}reset/")
    with use_business(acme):
        Client.objects.filter(is_demo=True).update(search="")
    return session


@pytest.fixture
def owner_browser(_owner_session_key, db, time_machine) -> Browser:
    """The owner's browser. No midnight passes between two looks at a page."""
    time_machine.move_to(datetime.now(UTC), tick=False)
    return _open_console(_owner_session_key)


@pytest.fixture
def create_demo_rows(acme, now):
    """Return a function that gives the demo client one of everything, each with the mark on it.

    Returns all their keys.
    """

    def create_demo_client() -> set[UUID]:
        with use_business(acme):
            robin = Client.objects.get(is_demo=True)
            Client.objects.filter(pk=robin.pk).update(name=f"{MARK} Demo", custom={"x": MARK}, signed_in_at=now)
            robin.refresh_from_db()
            tag = Tag.objects.create(name=f"{MARK}-tag")
            robin.tags.add(tag)
            made = [
                robin,
                Contact.objects.create(client=robin, kind="email", value="zebulon@example.com", created_at=now),
                Note.objects.create(client=robin, body=MARK, author_name=MARK, created_at=now),
                Suggestion.objects.create(client=robin, kind="name", value=MARK, source="contact-form", created_at=now),
                Enquiry.objects.create(
                    client=robin,
                    name=MARK,
                    email="zebulon@example.com",
                    message=MARK,
                    idempotency_key=uuid4(),
                    network_digest=b"n",
                    received_at=now,
                ),
                ChatMessage.objects.create(client=robin, sender="client", body=MARK, written_at=now),
                Message.objects.create(
                    kind=AccessMessageKind.NEW_BROWSER,
                    channel="email",
                    client=robin,
                    to="zebulon@example.com",
                    created_at=now,
                ),
                *(
                    Entry.objects.create(event_type=event_type, client=robin, at=now, actor="staff", actor_name=MARK)
                    for event_type in (
                        AccessEvent.CHALLENGE_LOCKED,
                        MessagingEvent.BOUNCED,
                        ClientEvent.ADDED,
                        AccessEvent.SIGNED_IN,
                    )
                ),
                ClientSession.objects.create(
                    client=robin,
                    token_digest=b"t" * 32,
                    browser_digest=b"b" * 32,
                    device=MARK,
                    identifier_kind="email",
                    address="zebulon@example.com",
                    created_at=now,
                    authenticated_at=now,
                    used_at=now,
                    expires_at=now + LONG_AFTER,
                ),
                Challenge.objects.create(
                    client=robin,
                    browser_digest=b"c" * 32,
                    identifier_digest=b"i" * 32,
                    identifier_masked=MARK,
                    identifier_kind="email",
                    address="zebulon@example.com",
                    key_id="k1",
                    sent_at=[now],
                    channels=["email"],
                    destinations=["zebulon@example.com"],
                    created_at=now,
                    expires_at=now + LONG_AFTER,
                ),
            ]
            update_search_text([robin.pk])
            # A tag is the business's own; only who has it is the demo client's.
            Tag.objects.filter(pk=tag.pk).delete()
        return {row.pk for row in made}

    return create_demo_client


def _open_console(session: str) -> Browser:
    browser = Browser(headers={"host": settings.PLATFORM_HOST})
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    return browser


def visible_text(answer) -> bytes:
    """Return what an answer says, workbooks and archives unpacked, without what changes anyway."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in sorted(archive.namelist()) if "docProps" not in name)
    return VOLATILE.sub(b"", OWN_ACTIVITY.sub(b"", body))


LIST_ROUTES = sorted(
    route for route in BUSINESS_PATTERNS if "GET" in ALLOWED_METHODS.get(route, ()) and "<" not in route
)


def test_list_routes_are_found():
    assert {"", "clients/", "messages/", "enquiries/", "activity/", "search/"} <= set(LIST_ROUTES)


@pytest.mark.parametrize("route", LIST_ROUTES)
def test_pages_are_the_same_with_and_without_a_demo_client(owner_browser, create_demo_rows, route):
    paths = [f"/console/acme/{route}{question}" for question in QUERIES]
    # What a first look leaves behind stands on the page both times.
    owner_browser.get(paths[0])
    before = [visible_text(owner_browser.get(path)) for path in paths]
    create_demo_rows()

    after = [visible_text(owner_browser.get(path)) for path in paths]

    for path, then, now in zip(paths, before, after, strict=True):
        assert now == then, path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_leave_out_the_demo_client(owner_browser, create_demo_rows, kind):
    path, [*keys] = "/console/acme/clients/export/", create_demo_rows()
    everybody = visible_text(owner_browser.post(path, {"format": kind, "everyone": "yes", "query": ""}))
    chosen = visible_text(owner_browser.post(path, {"format": kind, "client": [str(key) for key in keys]}))

    assert b"Ana Pereira" in everybody
    for file in (everybody, chosen):
        assert MARK.encode() not in file
        assert b"zebulon" not in file


def test_the_export_of_the_activity_leaves_out_the_demo_client(owner_browser, create_demo_rows):
    create_demo_rows()

    file = visible_text(owner_browser.post("/console/acme/activity/export/"))

    assert b"Owner of Acme" in file
    assert MARK.encode() not in file
    assert b"zebulon" not in file


# Rows that are the business's own, not a client's.
OWN_ROWS = ("settings/", "portal/domain", "clients/tags", "clients/views", "clients/uploads")
DETAIL_ROUTES = sorted(route for route in ALLOWED_METHODS if "<uuid:" in route and not route.startswith(OWN_ROWS))


@pytest.mark.parametrize("route", DETAIL_ROUTES)
def test_detail_pages_of_demo_rows_are_not_found(owner_browser, create_demo_rows, route):
    keys, opened = create_demo_rows(), []
    for method, key in product(ALLOWED_METHODS[route], keys):
        path = re.sub(r"<uuid:\w+>", str(key), route)
        status = owner_browser.generic(method, f"/console/acme/{path}").status_code
        opened += [] if status == 404 else [(method, key, status)]

    assert opened == []


@pytest.mark.parametrize(
    "action",
    [
        route
        for route in BUSINESS_PATTERNS
        if "POST" in ALLOWED_METHODS.get(route, ()) and "<" not in route and "demo" not in route
    ],
)
def test_no_bulk_action_reaches_a_demo_client(acme, owner_browser, create_demo_rows, outbox, action):
    key = next(key for key in create_demo_rows() if key)
    with use_business(acme):
        robin = Client.objects.get(is_demo=True)
        key, state = robin.pk, Client.objects.filter(pk=robin.pk).values().get()
    for which in ({"client": str(key)}, {"everyone": "yes", "query": "", "client": str(key)}):
        visible_text(
            owner_browser.post(
                f"/console/acme/{action}",
                which | {"name": "late", "confirmed": "yes", "confirm": "yes", "reason": "test"},
            )
        )
    outbox.deliver_due()

    with use_business(acme):
        assert Client.objects.filter(pk=key).values().get() == state
        assert not robin.tags.exists()
        assert robin.messages.count() == 1
    assert [mail for mail in outbox.sent() if "zebulon" in str(mail).lower() or "robin" in str(mail["to"])] == []


@pytest.mark.parametrize("kind", registry.get_message_kinds())
def test_a_message_of_any_kind_to_a_demo_client_is_void(acme, owner_browser, create_demo_rows, now, outbox, kind):
    from portal.messaging import services as messaging
    from tenants.models import Channel, Queue

    create_demo_rows()
    with use_business(acme):
        robin = Client.objects.get(is_demo=True)
        for fields in ({"client": robin}, {"client_id": robin.pk}):
            draft = messaging.build_message(kind, channel=Channel.EMAIL, to="zebulon@example.com", now=now, **fields)
            assert "client" not in fields or draft.state == DeliveryState.VOID
            messaging.enqueue_message(draft, queue=Queue.NOTICES, deadline=now + LONG_AFTER, now=now)
    outbox.deliver_due()

    assert outbox.sent() == []
    assert not Delivery.objects.filter(calls__gt=0).exists()


def test_message_of_the_demo_client_reaches_no_staff(acme, owner_browser, outbox):
    portal = follow_impersonation(owner_browser, DEMO, acme)
    for path in ("", "messages/", "notifications/", "enquiries/"):
        owner_browser.get(f"/console/acme/{path}")
    before = {
        path: visible_text(owner_browser.get(f"/console/acme/{path}")) for path in ("messages/", "notifications/")
    }

    assert portal.post("/messages/", {"body": f"{MARK} was here"}).status_code == 302
    outbox.deliver_due()

    after = {path: visible_text(owner_browser.get(f"/console/acme/{path}")) for path in before}
    assert after == before
    assert outbox.sent() == []
