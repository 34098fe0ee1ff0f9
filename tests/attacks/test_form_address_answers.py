"""U2: staff who merge two cards, or keep them apart, know which address of a form they let sign in."""

import pytest

from portal.clients.models import Client, Contact
from tenants.context import use_business
from tests.attacks.test_unconfirmed_addresses import (
    FORGED_FORM,
    FORGED_MAILBOX,
    MALLORY,
    NUMBER,
    VICTIM,
    import_list,
)
from tests.factories import ClientFactory


def sign_in(business, open_visitor, outbox, address):
    """Return whether somebody who reads an address gets in."""
    visitor = open_visitor(business)
    visitor.request_code(address)
    outbox.deliver_due()
    if not any(message["to"] == address for message in outbox.sent()):
        return False
    visitor.submit_code(outbox.code(address))
    return True


@pytest.mark.parametrize("has_signed_in", [False, True], ids=["never signed in", "signed in before"])
@pytest.mark.parametrize("is_forged_card_kept", [False, True], ids=["the victim's card stays", "the forged one stays"])
@pytest.mark.parametrize("is_checked", [False, True], ids=["not ticked", "ticked"])
def test_a_merge_lets_a_form_s_mailbox_sign_in_only_if_staff_have_checked_it(
    acme, send_form, now, staff_client, open_visitor, outbox, has_signed_in, is_forged_card_kept, is_checked
):
    send_form(**FORGED_FORM)
    if has_signed_in:
        assert sign_in(acme, open_visitor, outbox, MALLORY)
    import_list(acme, now)
    with use_business(acme):
        kept, other = Client.objects.get(name="Vera Vogt"), Client.objects.get(name="Mallory")
    if is_forged_card_kept:
        kept, other = other, kept
    browser, page = staff_client(), f"/console/acme/clients/{kept.pk}/merge/{other.pk}/"
    shown = browser.get(page).content.decode()
    assert "From a form, not confirmed by you" in shown
    assert MALLORY in shown.partition("From a form, not confirmed by you")[2]

    browser.post(page, {"form_addresses_checked": "on"} if is_checked else {})

    with use_business(acme):
        assert dict(kept.contacts.values_list("value", "may_sign_in")) == {
            VICTIM: True,
            NUMBER: True,
            MALLORY: is_checked,
        }
        usable = kept.contacts.usable_for_sign_in()
        assert set(usable.values_list("value", flat=True)) == {VICTIM, NUMBER} | ({MALLORY} if is_checked else set())


def test_a_merge_asks_nothing_about_a_form_s_address_that_both_cards_sign_in_with(acme, send_form, staff_client):
    with use_business(acme):
        vera = ClientFactory(email=VICTIM)
    send_form(name="Vera", email=VICTIM, mobile=NUMBER, message="Hello.")
    with use_business(acme):
        Contact.objects.exclude(value=VICTIM).delete()
        other = ClientFactory(email=VICTIM)
        other.contacts.update(source="form")

    page = staff_client().get(f"/console/acme/clients/{vera.pk}/merge/{other.pk}/").content.decode()

    assert "From a form" not in page


@pytest.mark.parametrize(
    ("forged", "language", "texts"),
    [
        (FORGED_FORM, "en", ("Vera may sign in with this number", "no sign-in with this number")),
        (FORGED_MAILBOX, "en", ("confirm this address for Vera", "leave this address unconfirmed")),
        (FORGED_FORM, "de", ("Vera darf sich mit dieser Nummer anmelden", "keine Anmeldung mit dieser Nummer")),
        (FORGED_MAILBOX, "de", ("Adresse für Vera bestätigen", "Adresse unbestätigt lassen")),
    ],
)
def test_the_two_answers_that_keep_the_cards_apart_say_what_follows(
    acme, send_form, staff_client, forged, language, texts
):
    send_form(**forged)
    send_form(name="Vera", email=VICTIM, mobile=NUMBER, message="Hello.")
    with use_business(acme):
        vera = Client.objects.get(name="Vera")
    browser = staff_client()

    page = browser.get(f"/console/acme/clients/{vera.pk}/contacts/", headers={"Accept-Language": language})

    assert [text for text in texts if text not in page.content.decode()] == []
    assert "Not the same person" not in page.content.decode()
