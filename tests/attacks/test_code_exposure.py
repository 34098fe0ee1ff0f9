"""No page and no export of the console shows a client's code."""

import re

import pytest

from portal.access import sign_in_codes
from portal.access.models import Challenge
from portal.clients.models import Client
from portal.messaging.models import Message
from tenants.context import use_business
from tests.attacks.console_routes import BUSINESS_PATTERNS
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER

pytestmark = pytest.mark.slow

ROLES = ("owner", "manager", "staff", "read-only")


@pytest.fixture
def challenges_in_every_state(acme, ana, open_visitor, outbox, staff_client):
    """Attempts in every state, with codes by mail and by text, sent by the client, by staff, and one typed wrong."""
    for typed in (ANA, MOBILE, STRANGER):
        visitor = open_visitor(acme)
        visitor.request_code(typed)
        visitor.resend(channel="sms")
        visitor.submit_code("000000")
    outbox.deliver_due()
    with use_business(acme):
        return list(Challenge.objects.all())


@pytest.fixture
def live_codes(acme, challenges_in_every_state):
    """Every code that is alive, and what a code is derived from."""
    with use_business(acme):
        sent = {
            sign_in_codes.derive_code(challenge, generation)
            for challenge in challenges_in_every_state
            for generation in range(len(challenge.sent_at))
        }
        return sent | {bytes(challenge.nonce).hex() for challenge in challenges_in_every_state}


def iter_console_paths(challenges_in_every_state, client, message):
    """Yield every address of the console that can be read, with the keys of this client's rows in it."""
    keys = {"attempt": challenges_in_every_state[0].pk, "pk": client.pk}
    for route, page in BUSINESS_PATTERNS.items():
        if "GET" not in page.callback.methods:
            continue
        named = re.sub(r"<uuid:(\w+)>", lambda found: str(keys.get(found[1], message.pk)), route)
        if "<" not in named:
            yield f"/console/acme/{named}"


@pytest.mark.parametrize("role", ROLES)
def test_no_page_and_no_export_of_the_console_holds_a_code(
    acme, challenges_in_every_state, live_codes, staff_client, role
):
    with use_business(acme):
        client, message = Client.objects.get(contacts__value=ANA), Message.objects.first()
    browser, read = staff_client(role), 0
    for path in iter_console_paths(challenges_in_every_state, client, message):
        answer = browser.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert _find_secrets(live_codes, body.decode(errors="replace") + str(answer.headers)) == [], path
        read += answer.status_code == 200

    assert read > 3


def test_staff_search_shows_no_code(acme, challenges_in_every_state, live_codes, staff_client):
    for typed in (ANA, MOBILE, STRANGER, "Ana Pereira", "ana@exmaple.com"):
        text = staff_client().post("/console/acme/sign-in-help/", {"typed": typed}).content.decode()
        assert _find_secrets(live_codes, text) == []


def test_staff_actions_show_no_sent_code(acme, challenges_in_every_state, live_codes, staff_client):
    with use_business(acme):
        client = Client.objects.get(contacts__value=ANA)
        Challenge.objects.update(failures=0)
    place = f"/console/acme/sign-in-help/clients/{client.pk}/"
    owner = staff_client()
    for path in (
        f"attempts/{challenges_in_every_state[0].pk}/resend/",
        f"attempts/{challenges_in_every_state[0].pk}/code/",
        "ticket/",
    ):
        text = owner.post(place + path, {"channel": "email"}, follow=True).content.decode()
        assert _find_secrets(live_codes, text) == [], path


def test_the_searched_codes_are_those_that_were_sent(live_codes, outbox):
    sent = {mail["text"] for mail in outbox.sent()}

    assert sent
    assert all(any(secret in text for secret in live_codes) for text in sent)


def _find_secrets(secrets: set[str], text: str) -> list[str]:
    """Return which of the secrets a text holds, beside the keys of rows."""
    without_keys = re.sub(r"[0-9a-f-]{36}", "", text)
    return [secret for secret in secrets if secret in without_keys]
