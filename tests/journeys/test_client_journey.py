"""End-to-end tests of a client's sign-ins, address changes, archiving and a suspended business."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from portal.access import services as access
from portal.clients.identifiers import parse_email
from portal.clients.models import ContactSource
from tenants.context import use_business
from tenants.provisioning import suspend_business
from tests.factories import ClientFactory

ANA, NEW = "ana@example.com", "ana.pereira@example.org"


def test_session_is_valid_at_one_business_only(acme, globex, ana, sign_in_client):
    with use_business(globex):
        ClientFactory(name="Ana Pereira", email=ANA)

    browser = sign_in_client(acme, ANA)

    assert browser.get("/").status_code == 200
    assert browser.get("/", headers={"host": "globex.localhost"}).headers["Location"] == "/sign-in/"


def test_first_code_that_arrives_late_still_signs_in(acme, ana, portal_client, outbox):
    browser = portal_client(acme)
    browser.post("/sign-in/", {"identifier": ANA})
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert browser.post("/sign-in/resend/").status_code == 302
        outbox.deliver_due()
        first, second = (message["subject"].split()[0] for message in outbox.sent(ANA))
        assert first != second

        assert browser.post("/sign-in/code/", {"code": first}).headers["Location"] == "/"
        assert browser.get("/").status_code == 200


def test_changed_address_invalidates_a_pending_code(acme, ana, portal_client, sign_in_client, outbox):
    at_home, on_the_way = sign_in_client(acme, ANA), portal_client(acme)
    on_the_way.post("/sign-in/", {"identifier": ANA})
    outbox.deliver_due()
    code = outbox.code(ANA)

    with use_business(acme):
        old = ana.contacts.get(value=ANA)
        access.change_contact(client=ana, old=old, new=parse_email(NEW), source=ContactSource.STAFF, now=timezone.now())

    assert on_the_way.post("/sign-in/code/", {"code": code}).status_code == 409
    assert at_home.get("/").headers["Location"] == "/sign-in/"
    outbox.deliver_due()
    notified = {message["to"] for message in outbox.sent() if "changed" in message["subject"]}
    assert notified == {ANA, NEW}
    assert sign_in_client(acme, NEW).get("/").status_code == 200


def test_changing_the_own_address_keeps_the_session(acme, ana, sign_in_client, outbox):
    first_browser, second_browser = sign_in_client(acme, ANA), sign_in_client(acme, ANA)
    with use_business(acme):
        old = ana.contacts.get(value=ANA)
    asked = first_browser.post("/account/contact/", {"identifier": NEW, "replaces": old.pk})
    outbox.deliver_due()

    first_browser.post(asked.headers["Location"], {"code": outbox.code(NEW)})

    assert NEW in first_browser.get("/account/").content.decode()
    assert second_browser.get("/").headers["Location"] == "/sign-in/"


def test_archiving_ends_the_clients_access(acme, ana, sign_in_client, portal_client, outbox):
    browser = sign_in_client(acme, ANA)
    with use_business(acme):
        access.archive_client(client=ana, now=timezone.now())
    outbox.deliver_due()
    farewells = len(outbox.sent(ANA))

    assert browser.get("/").headers["Location"] == "/sign-in/"
    # Asking again looks as it always did, and sends nothing any more.
    assert browser.post("/sign-in/", {"identifier": ANA}).headers["Location"] == "/sign-in/code/"
    outbox.deliver_due()
    assert len(outbox.sent(ANA)) == farewells


def test_code_of_a_suspended_business_is_refused(acme, ana, sign_in_client, portal_client, outbox):
    inside, outside = sign_in_client(acme, ANA), portal_client(acme)
    outside.post("/sign-in/", {"identifier": ANA})
    outbox.deliver_due()

    suspend_business(business=acme)

    assert outside.post("/sign-in/code/", {"code": outbox.code(ANA)}).status_code == 403
    assert inside.get("/").status_code == 403
