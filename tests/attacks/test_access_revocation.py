"""L29: changes to a client's card at the console end its sessions and challenges within five seconds."""

import pytest

from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE

pytestmark = pytest.mark.slow

MAX_DELAY_SECONDS = 5


@pytest.fixture
def post_to_card(acme, ana, staff_client):
    """Return a function that presses a button on Ana's card."""
    browser = staff_client("owner")

    def post_to_card(page, **typed):
        answer = browser.post(f"/console/acme/clients/{ana.pk}/{page}", typed)
        assert answer.status_code == 302, answer.content.decode()

    return post_to_card


def contact_id(acme, ana, value=ANA):
    with use_business(acme):
        return ana.contacts.get(value=value).pk


def archive_ana(acme, ana, post_to_card):
    post_to_card("archival/")


def block_ana(acme, ana, post_to_card):
    post_to_card("block/")


def change_email_address(acme, ana, post_to_card):
    post_to_card(f"contacts/{contact_id(acme, ana)}/", identifier="ana@new.example", label="")


def remove_email_address(acme, ana, post_to_card):
    post_to_card(f"contacts/{contact_id(acme, ana)}/removal/")


def disallow_contact_sign_in(acme, ana, post_to_card):
    post_to_card(f"contacts/{contact_id(acme, ana)}/sign-in/", allowed="no")


def add_email_address(acme, ana, post_to_card):
    post_to_card("contacts/new/", identifier="somebody@new.example", label="")


def merge_another_card(acme, ana, post_to_card):
    with use_business(acme):
        other = ClientFactory(name="A. Pereira", email="ana@work.example")
    post_to_card(f"merge/{other.pk}/")


def erase_ana_on_card(acme, ana, post_to_card):
    post_to_card("erasure/", name="Ana Pereira")


@pytest.fixture
def merge_into_another_card(acme, ana, staff_client):
    """Ana's card goes into another one, by the other card's page."""

    def merge_into_another_card(*_rest):
        with use_business(acme):
            other = ClientFactory(name="Ana P.", email="ana@work.example")
        answer = staff_client("manager").post(f"/console/acme/clients/{other.pk}/merge/{ana.pk}/")
        assert answer.status_code == 302

    return merge_into_another_card


REVOCATIONS = [
    archive_ana,
    block_ana,
    change_email_address,
    remove_email_address,
    disallow_contact_sign_in,
    add_email_address,
    merge_another_card,
    erase_ana_on_card,
    None,
]


@pytest.mark.parametrize("end", REVOCATIONS, ids=lambda end: end.__name__ if end else "merge_it_into_another")
def test_a_session_ends_within_five_seconds(
    acme, ana, signed_in_ana, post_to_card, merge_into_another_card, advance_time, end
):
    (end or merge_into_another_card)(acme, ana, post_to_card)
    advance_time(MAX_DELAY_SECONDS)

    for path in ("/", "/sessions/", "/account/", "/account/contact/"):
        answer = signed_in_ana.browser.get(path)
        assert answer.status_code in (302, 403, 404), path
        assert "Pereira" not in answer.content.decode()


@pytest.mark.parametrize("end", REVOCATIONS, ids=lambda end: end.__name__ if end else "merge_it_into_another")
@pytest.mark.parametrize("generation", [0, 1], ids=["by mail", "by text"])
def test_a_code_sent_before_the_change_opens_no_session(
    acme, ana, challenged_ana, post_to_card, merge_into_another_card, advance_time, count_sessions, end, generation
):
    code = challenged_ana.code(generation)
    (end or merge_into_another_card)(acme, ana, post_to_card)
    advance_time(MAX_DELAY_SECONDS)

    assert challenged_ana.submit_code(code).status_code in (403, 404, 409, 422)
    assert count_sessions(acme) == 0


@pytest.mark.parametrize("end", REVOCATIONS, ids=lambda end: end.__name__ if end else "merge_it_into_another")
def test_a_code_still_in_the_queue_is_never_sent(
    acme, ana, challenged_ana, post_to_card, merge_into_another_card, outbox, advance_time, end
):
    with use_business(acme):
        codes = list(Message.objects.values_list("pk", flat=True))
    assert len(codes) == 2
    (end or merge_into_another_card)(acme, ana, post_to_card)
    advance_time(MAX_DELAY_SECONDS)
    outbox.deliver_due()

    states = set(Delivery.objects.filter(message_id__in=codes).values_list("state", flat=True))
    assert states <= {DeliveryState.EXPIRED, DeliveryState.VOID}


def test_an_erased_client_gets_no_more_messages(acme, ana, signed_in_ana, post_to_card, outbox):
    outbox.deliver_due()
    before = len(outbox.sent())
    erase_ana_on_card(acme, ana, post_to_card)
    outbox.deliver_due()

    assert outbox.sent()[before:] == []


def test_an_erased_client_is_unknown_at_sign_in(acme, ana, post_to_card, open_visitor, outbox):
    erase_ana_on_card(acme, ana, post_to_card)
    for identifier in (ANA, MOBILE):
        assert open_visitor(acme).request_code(identifier).status_code == 302
    outbox.deliver_due()

    assert outbox.sent() == []


@pytest.mark.parametrize("action", ["removal/", "sign-in/"])
def test_a_code_to_a_shared_address_expires_when_one_client_loses_the_address(
    acme, open_visitor, staff_client, count_sessions, action
):
    with use_business(acme):
        leo, _maya = (ClientFactory(name=name, email="family@example.com") for name in ("Leo", "Maya"))
        contact = leo.contacts.get()
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")
    code = visitor.code()
    place = f"/console/acme/clients/{leo.pk}/contacts/{contact.pk}/{action}"
    assert staff_client("staff").post(place, {"allowed": "no"}).status_code == 302

    assert visitor.submit_code(code).status_code == 409
    assert count_sessions(acme) == 0
