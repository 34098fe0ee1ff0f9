"""Nobody keeps a passkey by adding it at the moment at which its address or session goes."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, transaction

from portal.access import services as access
from portal.access.models import ClientSession
from portal.clients.identifiers import parse_identifier
from portal.clients.models import Contact, ContactSource
from portal.passkeys import services as passkeys
from portal.passkeys.models import Passkey
from tenants import hostnames, tokens
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import create_member
from tests.faults.process_cluster import wait_until
from tests.lock_contention import run_blocked
from tests.portal.access.sign_in_steps import ANA
from tests.portal.clients.uploads.test_import_chunks import is_waiting_for_lock, other_transaction
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

NEW = "thief@evil.example"

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def adding(acme, ana, sign_in_client, now):
    """What a thief who reads Ana's mail and signed in sends to add a passkey, and their session as it is read first."""
    browser = sign_in_client(acme, ANA)
    phone = SoftwareAuthenticator(hostnames.build_portal_url(acme, ""))
    options = browser.post("/passkeys/new/options/").json()
    with use_business(acme):
        session = ClientSession.objects.select_related("client").get()
    return {
        "business": acme,
        "session": session,
        "relying_party": passkeys.RelyingParty(options["publicKey"]["rp"]["id"], phone.origin, acme.name),
        "challenge_state": options["state"],
        "passkey_response": phone.create(options["publicKey"]),
        "device": "",
        "now": now,
    }


@pytest.fixture
def replacing(ana, adding, now):
    """Replace Ana's address by another in the thief's session."""
    return {
        "client": ana,
        "new": parse_identifier(NEW, country="DE"),
        "source": ContactSource.CLIENT,
        "current_session": adding["session"],
        "now": now,
    }


@pytest.fixture
def disallowing(acme, ana, now):
    """Staff no longer let Ana sign in with the address that the thief reads."""
    staff = StaffActor(person_id=create_member(acme, "owner").person.pk, name="Sabine Krüger", ip=None)
    with use_business(acme):
        contact = Contact.objects.get(value=ANA)
    return {"client": ana, "contact": contact, "allowed": False, "staff": staff, "now": now}


def is_refused(results) -> bool:
    return [type(result) for result in results] == [passkeys.PasskeyNotAdded] and not Passkey.objects.exists()


def test_no_passkey_is_bound_to_an_address_that_its_session_has_just_replaced(acme, adding, replacing):
    with use_business(acme):
        with run_blocked(lambda: passkeys.add_passkey(**adding), business=acme) as results:
            access.change_contact(old=Contact.objects.get(value=ANA), **replacing)
        assert ClientSession.objects.get().address == NEW
        assert is_refused(results)


def test_a_passkey_that_was_just_added_goes_with_its_address(acme, adding, replacing):
    with use_business(acme):
        old = Contact.objects.get(value=ANA)
        with run_blocked(lambda: access.change_contact(old=old, **replacing), business=acme):
            passkeys.add_passkey(**adding)
        assert ClientSession.objects.get().address == NEW
        assert not Passkey.objects.exists()


def test_a_passkey_that_was_just_added_goes_when_its_address_is_no_longer_allowed(acme, adding, disallowing):
    with use_business(acme):
        with run_blocked(lambda: access.set_sign_in_allowed(**disallowing), business=acme) as results:
            passkeys.add_passkey(**adding)
        assert results == [None]
        assert not Passkey.objects.exists()


def test_no_passkey_is_added_by_an_address_that_is_just_no_longer_allowed(acme, adding, disallowing):
    with use_business(acme):
        with run_blocked(lambda: passkeys.add_passkey(**adding), business=acme) as results:
            access.set_sign_in_allowed(**disallowing)
        assert is_refused(results)


def test_no_passkey_is_added_by_a_session_that_is_just_ending(acme, adding, now):
    with use_business(acme):
        with run_blocked(lambda: passkeys.add_passkey(**adding), business=acme) as results:
            access.end_session(session=adding["session"], now=now)
        assert is_refused(results)


def test_a_session_ends_after_the_passkey_that_it_is_just_adding(acme, adding, now):
    with use_business(acme):
        with run_blocked(lambda: access.end_session(session=adding["session"], now=now), business=acme) as results:
            passkeys.add_passkey(**adding)
        assert results == [None]
        assert ClientSession.objects.get().ended_at


def test_a_sign_in_that_waits_for_the_client_leaves_the_old_session_free(acme, ana, adding, now):
    """Whoever adds a passkey locks the client and then the session: the two must not wait for one another."""
    browser = access.BrowserTokens(token="", device="", session_token="old")

    def sign_in_in_thread():
        with use_business(acme), closing(connection), transaction.atomic():
            client = access.query_signing_in_clients(ANA, b"").get()
            access.open_session(
                client=client, address=ANA, was_code_sent=False, browser=browser, remember_me=False, now=now
            )

    with use_business(acme), ThreadPoolExecutor(1) as thread:
        ClientSession.objects.update(token_digest=tokens.digest_token("old"))
        with other_transaction("SELECT 1 FROM clients_client WHERE id = %s FOR NO KEY UPDATE", ana.pk) as other:
            signed_in = thread.submit(sign_in_in_thread)
            wait_until(is_waiting_for_lock, what="the sign-in waiting for the client")
            other.execute("SELECT 1 FROM access_clientsession FOR NO KEY UPDATE NOWAIT")
        signed_in.result()
        assert list(ClientSession.objects.exclude(ended_at=None)) == [adding["session"]]
        assert ClientSession.objects.filter(ended_at=None).count() == 1
