"""L27, L28: nobody whose card a public form made is sent a text, until staff or a list vouch for them."""

import re

import pytest
from django.utils import timezone

from portal.access import services as access
from portal.access.models import Challenge, ChallengePurpose, ClientSession
from portal.access.services.archiving import archive_clients
from portal.access.services.import_notices import notify_of_imported_addresses
from portal.activity.models import Entry
from portal.cards import services as cards
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ContactSource
from portal.clients.uploads import services as uploads
from portal.clients.uploads import upload_processing
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Channel
from tenants.staff.staff_actor import StaffActor
from tenants.visitor_networks import VisitorNetwork
from tests.attacks.test_unconfirmed_addresses import import_list
from tests.factories import ClientFactory, ContactFactory, create_member
from tests.portal.access.sign_in_steps import current_code
from tests.portal.intake.contact_form_steps import match_enquiries, send_contact_form

MALLORY, NUMBER, SECOND = "mallory@example.com", "+4915112345678", "+4915199999999"
CSRF_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
WAIT_WORDS = "has to confirm you as a client first"


@pytest.fixture
def mallory(acme, open_visitor, advance_time):
    """Somebody who filled in the contact form, and signed in with the mailbox they gave."""
    visitor = open_visitor(acme)
    typed = {"name": "Mallory", "email": MALLORY, "mobile": NUMBER, "message": "Hello."}
    assert send_contact_form(visitor.browser, advance_time, **typed).status_code == 302
    match_enquiries(acme)
    visitor.request_code(MALLORY)
    assert visitor.submit_code(visitor.code()).status_code == 302
    return visitor


@pytest.fixture
def card(acme, mallory):
    """Their card."""
    with use_business(acme):
        return Client.objects.get()


@pytest.fixture
def staff(acme):
    """A member of staff at Acme."""
    person = create_member(acme, "owner").person
    return StaffActor(person_id=person.pk, name=person.name)


def list_texts(business):
    """Return where texts go that somebody enqueued."""
    with use_business(business):
        return list(Message.objects.filter(channel=Channel.SMS).exclude(to="").values_list("to", flat=True))


def test_a_client_from_a_form_can_not_have_a_number_of_their_own_texted(acme, mallory):
    answers = [mallory.browser.post("/account/contact/", {"identifier": number}) for number in (NUMBER, SECOND)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(WAIT_WORDS in answer.content.decode() for answer in answers)
    assert list_texts(acme) == []


def test_the_refusal_has_the_same_words_for_every_number(acme, mallory):
    with use_business(acme):
        ClientFactory(email="vera@example.com", mobile=SECOND)

    pages = []
    for number in (SECOND, "+4915188888888", NUMBER):
        page = mallory.browser.post("/account/contact/", {"identifier": number}).content.decode()
        pages.append(CSRF_TOKEN.sub("", page.replace(number, "…")))

    assert len(set(pages)) == 1


def test_the_page_for_a_number_says_what_to_do_first_instead_of_showing_a_form(mallory):
    page = mallory.browser.get("/account/contact/?kind=phone").content.decode()

    assert "has confirmed you as a client" in page
    assert 'name="identifier"' not in page


def test_the_service_refuses_as_well_as_the_page(acme, mallory, now):
    with use_business(acme):
        request = {
            "business": acme,
            "session": ClientSession.objects.get(),
            "identifier": parse_phone(SECOND, country="DE"),
            "network": VisitorNetwork(),
            "language": "en",
            "now": now,
        }
        for purpose in (ChallengePurpose.NEW_CONTACT, ChallengePurpose.REAUTHENTICATION):
            with pytest.raises(access.TextNotAllowed):
                access.open_confirmation_challenge(purpose=purpose, **request)


def test_a_client_from_a_form_may_still_add_a_mailbox(acme, mallory):
    answer = mallory.browser.post("/account/contact/", {"identifier": "second@example.com"})

    assert answer.headers["Location"] == "/account/contact/code/"


@pytest.mark.parametrize("number", [NUMBER, SECOND], ids=["typed into the form", "added and confirmed before"])
def test_no_way_of_signing_in_texts_a_client_from_a_form(acme, mallory, card, open_visitor, number):
    with use_business(acme):
        if number == SECOND:
            ContactFactory(client=card, value=SECOND, source=ContactSource.CLIENT)
    by_mail, by_number = open_visitor(acme), open_visitor(acme)

    by_mail.request_code(MALLORY)
    by_mail.resend(channel="sms")
    by_number.request_code(number)
    by_number.resend()

    assert list_texts(acme) == []


def test_no_notice_texts_a_client_from_a_form(acme, mallory, card, staff, now):
    with use_business(acme):
        added = ContactFactory(client=card, value=SECOND, source=ContactSource.CLIENT)
        for allowed in (False, True):
            access.set_sign_in_allowed(client=card, contact=added, allowed=allowed, staff=staff, now=now)
        access.archive_client(client=card, staff=staff, now=now)
        access.restore_client(client=card, staff=staff, now=now)
        archive_clients(clients=Client.objects.all(), staff=staff, now=now)
        access.remove_contact(client=card, contact=added, staff=staff, now=now)

    assert list_texts(acme) == []


def test_a_reauthentication_by_text_is_refused_with_the_way_out(acme, mallory, card, settings):
    with use_business(acme):
        ContactFactory(client=card, value=SECOND, source=ContactSource.CLIENT)
        ClientSession.objects.update(
            address=SECOND, identifier_kind="phone", authenticated_at=timezone.now() - 2 * settings.REAUTH_LIFETIME
        )

    answer = mallory.browser.post("/account/reauthentication/")

    assert answer.status_code == 403
    assert WAIT_WORDS in answer.content.decode()
    assert list_texts(acme) == []


def confirm_by_button(card, staff, staff_client, now):
    answer = staff_client().post(f"/console/acme/clients/{card.pk}/confirmation/")
    assert answer.status_code == 302


def confirm_the_number(card, staff, staff_client, now):
    access.confirm_contact(client=card, contact=card.contacts.get(value=NUMBER), staff=staff, now=now)


def add_an_address(card, staff, staff_client, now):
    new = parse_email("second@example.com")
    access.change_contact(client=card, old=None, new=new, source=ContactSource.STAFF, staff=staff, now=now)


def merge_with_a_client_of_theirs(card, staff, staff_client, now):
    known = ClientFactory(email="m@example.com")
    cards.merge_clients(survivor=card, duplicate=known, staff=staff, form_addresses_checked=True, now=now)


def merge_and_keep_the_form_as_source(card, staff, staff_client, now):
    known = ClientFactory(email="m@example.com")
    fields = {"choices": {"source": "survivor"}, "form_addresses_checked": True}
    cards.merge_clients(survivor=card, duplicate=known, staff=staff, now=now, **fields)
    card.refresh_from_db()
    assert card.source == "contact-form"


def import_their_mailbox(card, staff, staff_client, now):
    import_list(card.business, now, text=f"Name,Email\nMallory,{MALLORY}\n")


WAYS = [
    confirm_by_button,
    confirm_the_number,
    add_an_address,
    merge_with_a_client_of_theirs,
    merge_and_keep_the_form_as_source,
    import_their_mailbox,
]


@pytest.mark.parametrize("confirm", WAYS)
def test_whoever_staff_or_a_list_confirm_can_add_a_number(acme, mallory, card, staff, staff_client, now, confirm):
    card.business = acme
    with use_business(acme):
        confirm(card, staff, staff_client, now)
        card.refresh_from_db()
        assert card.is_confirmed

    # Staff's changes end sessions.
    if mallory.request_home_status() != 200:
        mallory.request_code(MALLORY)
        assert mallory.submit_code(mallory.code()).status_code == 302
    answer = mallory.browser.post("/account/contact/", {"identifier": SECOND})

    assert answer.headers["Location"] == "/account/contact/code/"
    assert SECOND in list_texts(acme)


def test_no_code_that_a_client_enters_confirms_the_client(acme, mallory, card):
    mallory.browser.post("/account/contact/", {"identifier": "second@example.com"})
    with use_business(acme):
        challenge = Challenge.objects.get(purpose=ChallengePurpose.NEW_CONTACT)
        code = current_code(challenge)
    assert mallory.browser.post("/account/contact/code/", {"code": code}).status_code == 302

    with use_business(acme):
        card.refresh_from_db()
        assert not card.is_confirmed
    assert mallory.browser.post("/account/contact/", {"identifier": SECOND}).status_code == 422


def test_another_form_confirms_nobody(acme, mallory, card, advance_time):
    typed = {"name": "Mallory", "email": MALLORY, "mobile": SECOND, "message": "Hello again."}
    send_contact_form(mallory.browser, advance_time, **typed)
    match_enquiries(acme)

    with use_business(acme):
        assert not any(client.is_confirmed for client in Client.objects.all())


def test_undoing_an_import_takes_its_confirmation_back(acme, mallory, card, now):
    upload = import_list(acme, now, text=f"Name,Email\nMallory,{MALLORY}\n")
    with use_business(acme):
        card.refresh_from_db()
        assert card.is_confirmed
        uploads.undo_import(upload=upload, staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now)
        card.refresh_from_db()

        assert not card.is_confirmed


def test_a_list_that_confirms_a_client_says_so_on_the_timeline(acme, mallory, card, now):
    upload = import_list(acme, now, text=f"Name,Email\nMallory,{MALLORY}\n")

    with use_business(acme):
        entry = Entry.objects.get(client=card, event_type=ClientEvent.CONFIRMED)
    assert entry.subject_id == upload.pk


def vouch_by_an_address(acme, card, staff, now):
    add_an_address(card, staff, None, now)


def vouch_by_another_list(acme, card, staff, now):
    import_list(acme, now, text=f"Name,Email,Note\nMallory,{MALLORY},known\n")


@pytest.mark.parametrize("vouch", [vouch_by_an_address, vouch_by_another_list])
def test_undoing_an_import_leaves_what_others_vouched_for_later(acme, mallory, card, staff, now, vouch):
    upload = import_list(acme, now, text=f"Name,Email\nMallory,{MALLORY}\n")
    with use_business(acme):
        vouch(acme, card, staff, now)
        uploads.undo_import(upload=upload, staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now)
        card.refresh_from_db()

        assert card.is_confirmed


def test_a_list_tells_of_its_addresses_without_texting_unconfirmed_cards(acme, mallory, card, now):
    with use_business(acme):
        ContactFactory(client=card, value=SECOND, source=ContactSource.CLIENT)
        notify_of_imported_addresses(now=now)

    assert list_texts(acme) == []


def test_the_card_says_that_the_client_is_not_confirmed_and_offers_it(acme, mallory, card, staff_client):
    with use_business(acme):
        ContactFactory(client=card, value=SECOND, source=ContactSource.CLIENT)

    page = staff_client().get(f"/console/acme/clients/{card.pk}/").content.decode()

    assert "you haven’t confirmed the client yet" in page
    assert "receives no codes until you confirm the client" in page
    assert f"/clients/{card.pk}/confirmation/" in page
