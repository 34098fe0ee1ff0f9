"""Whom staff or a list vouched for before clients had a `confirmed_at` is confirmed, and nobody else."""

import io
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from portal.access import services as access
from portal.access.services.contacts import confirm_own_address
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client, Contact, ContactSource
from portal.clients.uploads import services as uploads
from portal.clients.uploads.models import Upload
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.client_lists import check_list, import_checked_list, process_upload
from tests.factories import ClientFactory, ContactFactory, create_member

NUMBER = "+4915112345678"
MIGRATION = "portal.clients.migrations.0008_known_form_clients_confirmed"
confirm_known_clients = import_module(MIGRATION).confirm_known_clients


@pytest.fixture
def staff(acme):
    """A member of staff at Acme."""
    person = create_member(acme, "owner").person
    return StaffActor(person_id=person.pk, name=person.name)


@pytest.fixture
def card(acme):
    """A card that the contact form made, with a mobile only."""
    with use_business(acme):
        client = ClientFactory(name="Mia Form", source="contact-form")
        ContactFactory(client=client, kind="phone", value=NUMBER, source=ContactSource.FORM, confirmed_at=None)
        return client


def confirm_their_number(acme, card, staff, now):
    access.confirm_contact(client=card, contact=card.contacts.get(), staff=staff, now=now)


def add_an_address(acme, card, staff, now):
    new = parse_email("mia@example.com")
    access.change_contact(client=card, old=None, new=new, source=ContactSource.STAFF, staff=staff, now=now)


def add_the_number_again(acme, card, staff, now):
    new = parse_phone(NUMBER, country="DE")
    access.change_contact(client=card, old=None, new=new, source=ContactSource.STAFF, staff=staff, now=now)


def import_them(acme, card, staff, now):
    Contact.objects.update(confirmed_at=now)
    import_checked_list(check_list(f"Name,Phone,Email\nMia Form,{NUMBER},mia@example.com\n"))


def merge_a_known_client(acme, card, staff, now):
    ClientFactory(merged_into=card, created_at=now)


def confirm_their_own_number(acme, card, staff, now):
    confirm_own_address(client=card, address=NUMBER, now=now)


def add_an_address_of_their_own(acme, card, staff, now):
    ContactFactory(client=card, value="own@example.com", source=ContactSource.CLIENT)


def forbid_their_number(acme, card, staff, now):
    contact = card.contacts.get()
    for allowed in (False, True):
        access.set_sign_in_allowed(client=card, contact=contact, allowed=allowed, staff=staff, now=now)


def undo_the_import(acme, card, staff, now):
    import_them(acme, card, staff, now)
    upload = Upload.objects.get()
    uploads.undo_import(upload=upload, staff=None, now=now)
    process_upload(upload)
    assert upload.state == "undone"


def run_command() -> str:
    """Run the command as operators do, and return what it says."""
    output = io.StringIO()
    call_command("confirm_clients", stdout=output)
    return output.getvalue()


NOBODY_LEFT = "Nobody was left to confirm.\n"
VOUCHING = [confirm_their_number, add_an_address, add_the_number_again, import_them, merge_a_known_client]


@pytest.mark.parametrize("vouch", VOUCHING)
def test_clients_for_whom_somebody_vouched_are_confirmed(acme, card, staff, now, vouch):
    with use_business(acme):
        vouch(acme, card, staff, now)
        Client.objects.filter(pk=card.pk).update(confirmed_at=None)

        assert run_command() == f"{acme.name}: 1 confirmed\n"
        assert run_command() == NOBODY_LEFT
        assert Client.objects.get(pk=card.pk).is_confirmed


def test_a_number_that_staff_confirmed_receives_codes_again(acme, card, staff, now):
    with use_business(acme):
        confirm_their_number(acme, card, staff, now)
        Client.objects.update(confirmed_at=None)
        assert not Contact.objects.usable_for_sign_in().exists()

        confirm_known_clients(apps, None)

        assert Contact.objects.usable_for_sign_in().get().value == NUMBER


NOT_VOUCHING = [confirm_their_own_number, add_an_address_of_their_own, forbid_their_number, undo_the_import]


@pytest.mark.parametrize("change", NOT_VOUCHING)
def test_nothing_else_confirms_a_client(acme, card, staff, now, change):
    with use_business(acme):
        change(acme, card, staff, now)

        assert run_command() == NOBODY_LEFT
        assert not Client.objects.get(pk=card.pk).is_confirmed


def test_the_card_says_who_gets_no_code_at_all(acme, staff_client):
    with use_business(acme):
        by_mail, by_number = (ClientFactory(source="contact-form") for _card in range(2))
        ContactFactory(client=by_mail, value="m@example.com", source=ContactSource.FORM, confirmed_at=None)
        ContactFactory(client=by_number, kind="phone", value=NUMBER, source=ContactSource.FORM, confirmed_at=None)

    pages = [staff_client().get(f"/console/acme/clients/{one.pk}/").content.decode() for one in (by_mail, by_number)]

    assert ["Codes go by email" in page for page in pages] == [True, False]
    assert ["no code reaches them until you confirm" in page for page in pages] == [False, True]
