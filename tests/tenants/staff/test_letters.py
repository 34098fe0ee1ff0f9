"""Does a code for staff leave by our own providers, and stay out of every table and log?"""

import logging

import pytest

from tenants.devbox import store
from tests.factories import colleague
from workers.providers import letters

SIGN_IN = "/staff/sign-in/"


@pytest.fixture(autouse=True)
def _by_our_providers(settings, outbox):
    settings.EMAIL_BACKEND = "workers.providers.letters.Letters"
    settings.EMAIL_PROVIDERS = ["demo"]


@pytest.fixture
def sam(acme):
    """Sam, who works at Acme."""
    return colleague(acme, "staff").person


def test_a_code_lands_in_the_outbox_and_signs_in(sam, platform_client):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    letters.finish()
    [letter] = store.messages(to=sam.email)

    assert letter.code in letter.html
    assert letter.code in letter.text
    browser.post(f"{SIGN_IN}code/", {"code": letter.code})
    assert browser.get("/console/acme/").status_code == 200


def test_a_stranger_gets_nothing(acme, platform_client):
    platform_client().post(SIGN_IN, {"email": "stranger@example.com"})
    letters.finish()

    assert store.messages() == []


def test_no_log_line_holds_code_or_address(sam, platform_client, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        platform_client().post(SIGN_IN, {"email": sam.email})
        letters.finish()
    [letter] = store.messages(to=sam.email)

    said = caplog.text + "".join(capfd.readouterr())
    assert letter.code not in said
    assert sam.email not in said
