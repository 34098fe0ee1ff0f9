"""Tests of a client's passkeys in the business API."""

import pytest

from portal.activity.models import Entry
from portal.passkeys.models import Passkey
from tenants import hostnames
from tenants.context import use_business
from tests.api.portal.passkey_steps import add_passkey, sign_in_with_passkey
from tests.api.portal.portal_programs import start_portal_program
from tests.attacks.api_objects import create_passkey
from tests.factories import ClientFactory
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey(acme, ana, now) -> Passkey:
    """Ana's passkey."""
    with use_business(acme):
        return create_passkey(ana, now)


def test_passkeys_are_listed_without_their_keys(api_program, ana, passkey):
    [shown] = api_program().get(f"clients/{ana.pk}/passkeys/").json()["items"]

    assert set(shown) == {"id", "device", "host", "works", "created_at", "used_at"}
    assert (shown["id"], shown["host"], shown["used_at"]) == (str(passkey.pk), "acme.localhost", None)


def test_a_passkey_is_removed_and_the_client_is_told(api_program, acme, ana, passkey, outbox):
    program, path = api_program(), f"clients/{ana.pk}/passkeys/"
    assert program.delete(f"{path}{passkey.pk}/").status_code == 204
    outbox.deliver_due()

    assert program.get(path).json() == {"items": []}
    assert program.delete(f"{path}{passkey.pk}/").status_code == 404
    assert outbox.sent(to="ana@example.com")[-1]["subject"] == f"Passkey removed at {acme.name}"
    with use_business(acme):
        assert Entry.objects.get(event_type="passkeys.removed").actor_name.endswith("(Sync)")


def test_programs_that_signed_in_with_a_removed_passkey_are_signed_out(api_program, acme, ana):
    phone = SoftwareAuthenticator(hostnames.build_portal_url(acme, ""))
    by_code, by_passkey = start_portal_program(acme).sign_in(), start_portal_program(acme)
    passkey = add_passkey(by_code, phone).json()["id"]
    by_passkey.tokens = sign_in_with_passkey(by_passkey, phone).json()["tokens"]

    assert api_program().delete(f"clients/{ana.pk}/passkeys/{passkey}/").status_code == 204
    assert [program.get("me/").status_code for program in (by_code, by_passkey)] == [200, 401]


def test_a_passkey_of_another_client_is_not_found(api_program, acme, passkey):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")

    assert api_program().delete(f"clients/{bo.pk}/passkeys/{passkey.pk}/").status_code == 404
    with use_business(acme):
        assert Passkey.objects.exists()
