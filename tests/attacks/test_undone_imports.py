"""Whoever signs in by an address that a mistaken list had added or confirmed is out once the import is undone."""

import pytest

from portal.access.models import Challenge, ClientSession
from portal.access.services.import_notices import notify_of_imported_addresses
from portal.activity.models import Entry
from portal.clients.models import Client, Contact, ContactSource
from portal.clients.uploads import services as uploads
from portal.messaging.models import Message
from portal.passkeys.models import Passkey
from tenants import hostnames
from tenants.context import use_business
from tests.attacks.client_lists import check_list, import_checked_list, process_upload
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.passkeys.passkey_steps import add_passkey, sign_in_with_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

NEW = "ana@new.example"


def import_list(business, text):
    with use_business(business):
        return import_checked_list(check_list(text))


def undo_import(business, upload, now):
    with use_business(business):
        uploads.undo_import(upload=upload, staff=None, now=now)
        process_upload(upload)


def add_phone(business, browser):
    """Add a passkey of a new phone by a browser that is signed in; return the phone."""
    phone = SoftwareAuthenticator(hostnames.build_portal_url(business, ""))
    assert add_passkey(browser, phone).status_code == 302
    return phone


def list_notices(business):
    """Return whom the last notices went to, each with the number of passkeys that it names."""
    with use_business(business):
        sent = Message.objects.filter(kind="contact-changed").order_by("to")
        return [(message.to, len(message.data.get("removed_passkeys", []))) for message in sent]


def leave_number_unconfirmed():
    Contact.objects.filter(value=MOBILE).update(source=ContactSource.FORM, confirmed_at=None)


def leave_client_unconfirmed():
    Client.objects.update(source="form", confirmed_at=None)
    Contact.objects.update(source=ContactSource.FORM)


@pytest.mark.parametrize(
    ("forget", "text"),
    [
        (leave_number_unconfirmed, f"Name,Email,Phone\nAna Pereira,{ANA},{MOBILE}\n"),
        (leave_client_unconfirmed, f"Name,Email\nAna Pereira,{ANA}\n"),
    ],
)
def test_passkeys_and_sessions_of_a_number_that_a_list_confirmed_go_for_good(
    acme, ana, sign_in_client, portal_client, now, forget, text
):
    with use_business(acme):
        forget()
    upload = import_list(acme, text)
    browser = sign_in_client(acme, MOBILE)
    phone = add_phone(acme, browser)
    undo_import(acme, upload, now)

    with use_business(acme):
        assert not Passkey.objects.exists()
        assert Entry.objects.get(event_type="passkeys.removed").data["reason"] == "address-removed"
        # Somebody confirms both again.
        Contact.objects.update(confirmed_at=now)
        Client.objects.update(confirmed_at=now)
    assert sign_in_with_passkey(portal_client(acme), phone).status_code != 302
    assert browser.get("/sessions/").status_code != 200
    # The number gets no text: nobody vouches for it.
    assert list_notices(acme) == [(ANA, 1)]


def test_a_session_by_an_added_address_ends_and_both_mailboxes_are_told(acme, ana, sign_in_client, now):
    upload = import_list(acme, f"Name,Email,Email 2\nAna Pereira,{ANA},{NEW}\n")
    sign_in_client(acme, MOBILE)
    sign_in_client(acme, NEW)
    undo_import(acme, upload, now)

    with use_business(acme):
        ended = ClientSession.objects.exclude(ended_at=None).values_list("address", flat=True)
        assert list(ended) == [NEW]
        assert not Challenge.objects.filter(address=NEW, closed_at=None).exists()
    assert list_notices(acme) == [(MOBILE, 0), (ANA, 0), (NEW, 0)]


@pytest.mark.parametrize("is_told", [True, False])
def test_who_was_told_of_an_added_address_is_told_that_it_is_gone(acme, ana, now, is_told):
    upload = import_list(acme, f"Name,Email,Email 2\nAna Pereira,{ANA},{NEW}\n")
    with use_business(acme):
        if is_told:
            notify_of_imported_addresses(now=now)
    undo_import(acme, upload, now)

    told = [(MOBILE, 0), (MOBILE, 0), (ANA, 0), (ANA, 0)]
    assert list_notices(acme) == (told if is_told else [])
