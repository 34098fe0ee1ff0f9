"""Tests of the search for what a client says they typed."""

import pytest
from django.utils import timezone

from portal.access.services import archive_client, block_client
from portal.activity import services as activity
from portal.clients.models import Client, Contact
from portal.clients.services import update_search_text
from portal.messaging.kinds import MessagingEvent
from tenants.context import use_business
from tenants.models import DeliveryState
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER
from tests.portal.signin_support.conftest import SUPPORT_URL


@pytest.fixture
def search_as_staff(staff_client, read_page, ana):
    """Return a function that searches as a member of staff."""
    return lambda typed, role="staff": read_page(staff_client(role), SUPPORT_URL, typed=typed)


def client_support_url(client):
    return f"{SUPPORT_URL}clients/{client.pk}/"


@pytest.mark.parametrize("typed", [ANA, f"  {ANA.upper()} ", MOBILE, "+44 7700 900-101"])
def test_an_address_on_file_is_found(search_as_staff, ana, typed):
    text = search_as_staff(typed)

    assert "Found: this address can sign in" in text
    assert client_support_url(ana) in text


def test_a_typo_finds_the_most_similar_client(search_as_staff, ana):
    text = search_as_staff("ana@exmaple.com")

    assert "a similar address" in text
    assert client_support_url(ana) in text
    assert ANA in text


def test_a_name_finds_clients(search_as_staff, ana):
    assert client_support_url(ana) in search_as_staff("Ana Perreira")


def test_an_unknown_address_is_not_found(search_as_staff, ana):
    text = search_as_staff("quite.different@nowhere.test")

    assert "Not found" in text
    assert client_support_url(ana) not in text


def test_text_that_is_no_address_is_unreadable(search_as_staff):
    assert "This is not an address" in search_as_staff("zzzz qqqq")


@pytest.mark.parametrize(("action", "text"), [(archive_client, "but archived"), (block_client, "but blocked")])
def test_archived_and_blocked_are_distinguished(search_as_staff, ana, acme, now, action, text):
    with use_business(acme):
        action(client=ana, now=now)

    assert text in search_as_staff(ANA)


def test_a_shared_address_finds_all_its_clients(search_as_staff, ana, acme):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email=ANA)
    text = search_as_staff(ANA)

    assert "Found on several cards" in text
    assert client_support_url(ana) in text
    assert client_support_url(bo) in text


def test_an_address_not_allowed_to_sign_in_is_reported(search_as_staff, ana, acme):
    with use_business(acme):
        Contact.objects.filter(value=ANA).update(may_sign_in=False)

    assert "not used for signing in" in search_as_staff(ANA)


def test_an_unconfirmed_number_is_reported(search_as_staff, acme):
    with use_business(acme):
        Contact.objects.filter(value=MOBILE).update(confirmed_at=None)

    assert "Unconfirmed number" in search_as_staff(MOBILE)


def test_a_demo_client_and_a_client_of_another_business_are_not_found(search_as_staff, acme, globex):
    for business, is_demo in ((acme, True), (globex, False)):
        with use_business(business):
            client = ClientFactory(name="Zeno Zacharias", is_demo=is_demo)
            ContactFactory(client=client, value="zeno@zacharias.test")
            update_search_text([client.pk])

    assert "Not found" in search_as_staff("zeno@zacharias.test")
    assert "Zeno" not in search_as_staff("zeno@zacharias.tst")


def test_an_attempt_with_an_unknown_address_shows_why_nothing_was_sent(search_as_staff, signing_in_client):
    signing_in_client.request_code(STRANGER)

    text = search_as_staff(STRANGER)

    assert "Entered here in the last 24 hours" in text
    assert "No client has this address." in text


def test_an_empty_search_is_rejected(search_as_staff):
    assert "Enter an email address" in search_as_staff(" ")


@pytest.mark.parametrize("typed", ["\x00", "%", "_" * 254, "a" * 300, "@", "💥", "'; DROP TABLE"])
def test_unusual_input_gets_an_answer(staff_client, ana, typed):
    assert staff_client().post(SUPPORT_URL, {"typed": typed}).status_code == 200


def test_the_search_text_is_not_read_from_the_url(staff_client, ana):
    assert ANA not in str(staff_client().get(SUPPORT_URL, {"typed": ANA}).content)


def test_a_client_who_failed_to_sign_in_is_listed_until_they_are_signed_in(
    staff_client, read_page, signing_in_client, outbox, ana, acme, now
):
    assert "Nobody. Everybody who tried could sign in." in read_page(staff_client(), SUPPORT_URL)

    signing_in_client.request_code()
    outbox.deliver_due()
    signing_in_client.report_delivery(DeliveryState.BOUNCED, "mailbox-full")
    text = read_page(staff_client(), SUPPORT_URL)
    assert client_support_url(ana) in text
    assert "Not delivered" in text

    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(signed_in_at=timezone.now())
    assert client_support_url(ana) not in read_page(staff_client(), SUPPORT_URL)


def test_a_demo_client_is_no_recent_failure(staff_client, read_page, acme, now):
    with use_business(acme):
        activity.record_event(MessagingEvent.BOUNCED, at=now, client=ClientFactory(name="Dora Demo", is_demo=True))

    assert "Dora Demo" not in read_page(staff_client(), SUPPORT_URL)
