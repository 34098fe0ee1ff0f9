"""Does staff learn whom a client means, whatever the client says they typed?"""

import pytest
from django.utils import timezone

from portal.access.services import archive_client, block_client
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client, Contact
from portal.clients.services import update_search_text
from tenants.context import use_business
from tenants.models import DeliveryState
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in import ANA, MOBILE, STRANGER
from tests.portal.signin_support.conftest import HELP


@pytest.fixture
def look(staff_client, page, ana):
    """Return a function that types something into the page."""
    return lambda typed, role="staff": page(staff_client(role), HELP, typed=typed)


def card_of(client):
    return f"{HELP}clients/{client.pk}/"


@pytest.mark.parametrize("typed", [ANA, f"  {ANA.upper()} ", MOBILE, "+44 7700 900-101"])
def test_an_address_on_file_is_found(look, ana, typed):
    text = look(typed)

    assert "Found: this opens the portal" in text
    assert card_of(ana) in text


def test_a_typo_finds_the_card_it_is_closest_to(look, ana):
    text = look("ana@exmaple.com")

    assert "somebody is close" in text
    assert card_of(ana) in text
    assert ANA in text


def test_a_name_finds_cards_too(look, ana):
    assert card_of(ana) in look("Ana Perreira")


def test_nobody_is_said_to_be_nobody(look, ana):
    text = look("quite.different@nowhere.test")

    assert "Not found" in text
    assert card_of(ana) not in text


def test_what_is_no_address_is_said_to_be_none(look):
    assert "This is no address" in look("zzzz qqqq")


@pytest.mark.parametrize(("deed", "words"), [(archive_client, "but archived"), (block_client, "but blocked")])
def test_archived_and_blocked_are_told_apart(look, ana, acme, now, deed, words):
    with use_business(acme):
        deed(client=ana, now=now)

    assert words in look(ANA)


def test_an_address_several_share_shows_them_all(look, ana, acme):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email=ANA)
    text = look(ANA)

    assert "Found on several cards" in text
    assert card_of(ana) in text
    assert card_of(bo) in text


def test_an_address_that_may_not_sign_in_says_so(look, ana, acme):
    with use_business(acme):
        Contact.objects.filter(value=ANA).update(may_sign_in=False)

    assert "not for signing in" in look(ANA)


def test_a_number_nobody_confirmed_says_so(look, acme):
    with use_business(acme):
        Contact.objects.filter(value=MOBILE).update(confirmed_at=None)

    assert "nobody confirmed" in look(MOBILE)


def test_a_demo_client_and_a_client_of_another_business_are_nobody(look, acme, globex):
    for business, is_demo in ((acme, True), (globex, False)):
        with use_business(business):
            client = ClientFactory(name="Zeno Zacharias", is_demo=is_demo)
            ContactFactory(client=client, value="zeno@zacharias.test")
            update_search_text([client.pk])

    assert "Not found" in look("zeno@zacharias.test")
    assert "Zeno" not in look("zeno@zacharias.tst")


def test_an_attempt_of_a_stranger_shows_with_why_nothing_was_sent(look, waiting):
    waiting.ask(STRANGER)

    text = look(STRANGER)

    assert "Typed here in the last 24 hours" in text
    assert "Nobody on your list has this address." in text


def test_an_empty_field_is_asked_for(look):
    assert "Enter the email address" in look(" ")


@pytest.mark.parametrize("typed", ["\x00", "%", "_" * 254, "a" * 300, "@", "💥", "'; DROP TABLE"])
def test_odd_things_typed_are_answered(staff_client, ana, typed):
    assert staff_client().post(HELP, {"typed": typed}).status_code == 200


def test_whom_it_concerns_is_not_in_the_address(staff_client, ana):
    assert ANA not in str(staff_client().get(HELP, {"typed": ANA}).content)


def test_who_was_kept_out_lately_is_listed_until_they_are_in(staff_client, page, waiting, outbox, ana, acme, now):
    assert "Nobody. Everyone who tried got in." in page(staff_client(), HELP)

    waiting.ask()
    outbox.deliver_due()
    waiting.tell(DeliveryState.BOUNCED, "mailbox-full")
    text = page(staff_client(), HELP)
    assert card_of(ana) in text
    assert "Not delivered" in text

    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(signed_in_at=timezone.now())
    assert card_of(ana) not in page(staff_client(), HELP)


def test_a_demo_client_is_never_in_trouble(staff_client, page, acme, now):
    with use_business(acme):
        activity.record(EventType.MESSAGE_BOUNCED, at=now, client=ClientFactory(name="Dora Demo", is_demo=True))

    assert "Dora Demo" not in page(staff_client(), HELP)
