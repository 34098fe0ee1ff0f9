"""U2, L27: an address that only a public form claims joins, stops and confirms nothing."""

from datetime import timedelta

import pytest

from portal.access import services as access
from portal.access.services.archiving import archive_clients
from portal.cards import services as cards
from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client, Contact, Suggestion
from portal.clients.services import suggestions
from portal.clients.uploads import services as uploads
from portal.clients.uploads import upload_processing
from portal.clients.uploads.models import Upload
from portal.intake.models import Enquiry
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory

MALLORY, VICTIM = "mallory@example.com", "vera@example.com"
NUMBER, OTHER_NUMBER = "+4915112345678", "+4915199999999"
FORGED_FORM = {"name": "Mallory", "email": MALLORY, "mobile": NUMBER, "message": "Call me."}
FORGED_MAILBOX = {"name": "Mallory", "email": VICTIM, "mobile": OTHER_NUMBER, "message": "Write to me."}
LIST = f"Name,Email,Phone\nVera Vogt,{VICTIM},{NUMBER}\n"


@pytest.fixture(params=[FORGED_FORM, FORGED_MAILBOX], ids=["the victim's number", "the victim's mailbox"])
def forged_card(request, acme, send_form):
    """The card that a stranger's form made, with an address of the victim's."""
    send_form(**request.param)
    with use_business(acme):
        return Client.objects.get()


def import_list(business, now, *, text=LIST, on_match=Upload.OnMatch.OVERWRITE):
    with use_business(business):
        upload = uploads.receive_upload(chunks=[text.encode()], name="list.csv", size=len(text), staff=None, now=now)
        uploads.map_columns(upload=upload, targets=upload.columns, now=now, inline=True)
        upload_processing.process_upload(upload.pk, clock=lambda: now)
        upload.refresh_from_db()
        uploads.start_import(upload=upload, on_match=on_match, staff=None, now=now, inline=True)
        upload_processing.process_upload(upload.pk, clock=lambda: now)
        upload.refresh_from_db()
        return upload


def read_card(client):
    return Client.objects.values("name", "custom", "status", "search").get(pk=client.pk), set(
        client.contacts.values_list("value", "may_sign_in", "confirmed_at")
    )


def add_by_list(business, now, send_form, staff_client):
    import_list(business, now)


def add_by_hand(business, now, send_form, staff_client):
    answer = staff_client().post(
        "/console/acme/clients/new/", {"name": "Vera Vogt", "email": VICTIM, "mobile": NUMBER, "language": ""}
    )
    assert answer.status_code == 302, "the form asked about the stranger's card"


def add_by_form(business, now, send_form, staff_client):
    send_form(name="Vera Vogt", email=VICTIM, mobile=NUMBER, message="Hello.")


WAYS_IN = [add_by_list, add_by_hand, add_by_form]


@pytest.mark.parametrize("add_victim", WAYS_IN)
def test_the_victim_becomes_a_client_of_their_own_whatever_a_stranger_typed_before(
    acme, forged_card, now, send_form, staff_client, add_victim
):
    with use_business(acme):
        before = read_card(forged_card)

    add_victim(acme, now, send_form, staff_client)

    with use_business(acme):
        assert read_card(forged_card) == before
        victim = Client.objects.exclude(pk=forged_card.pk).get()
        assert victim.name == "Vera Vogt"
        assert set(victim.contacts.values_list("value", flat=True)) == {VICTIM, NUMBER}


@pytest.mark.parametrize("add_victim", WAYS_IN)
def test_staff_are_asked_whether_the_two_are_one_person(acme, forged_card, now, send_form, staff_client, add_victim):
    add_victim(acme, now, send_form, staff_client)

    with use_business(acme):
        victim = Client.objects.exclude(pk=forged_card.pk).get()
        question = Suggestion.objects.get(kind="duplicate")
        assert (question.client, question.submitted_data) == (victim, {"clients": [str(forged_card.pk)]})
    page = staff_client().get(f"/console/acme/clients/{victim.pk}/contacts/").content.decode()
    assert "Is it the same person?" in page
    assert f"/clients/{victim.pk}/merge/{forged_card.pk}/" in page


def test_a_staff_member_s_number_on_another_card_is_asked_about(acme, send_form, now):
    send_form(**FORGED_FORM)
    with use_business(acme):
        vera = ClientFactory(email=VICTIM)
        access.change_contact(client=vera, old=None, new=parse_phone(NUMBER, country="DE"), source="staff", now=now)

        assert Suggestion.objects.get(kind="duplicate").client == vera


def test_uploading_the_list_again_asks_nothing_again(acme, send_form, now):
    send_form(**FORGED_FORM)
    import_list(acme, now)
    with use_business(acme):
        suggestions.resolve_suggestion(Suggestion.objects.get(kind="duplicate"), "dismissed", now=now)
        before = {client.pk: read_card(client) for client in Client.objects.all()}

    upload = import_list(acme, now + timedelta(hours=1))

    with use_business(acme):
        assert upload.counts["known"] == 1
        assert {client.pk: read_card(client) for client in Client.objects.all()} == before
        assert not Suggestion.objects.filter(kind="duplicate", resolved_at=None).exists()


@pytest.mark.parametrize("typed", [NUMBER, VICTIM])
def test_the_victim_signs_in_and_is_offered_their_own_card_only(acme, forged_card, now, open_visitor, outbox, typed):
    import_list(acme, now)
    victim = open_visitor(acme)

    victim.request_code(typed)
    outbox.deliver_due()
    answer = victim.submit_code(outbox.code(typed))

    assert answer.headers["Location"] == "/", "the stranger's card was offered as well"
    with use_business(acme):
        assert Client.objects.get(sessions__isnull=False).name == "Vera Vogt"
        assert not forged_card.contacts.filter(confirmed_at__isnull=False).exists()


def test_the_stranger_s_sign_in_shows_nothing_of_the_victim(acme, send_form, now, open_visitor, outbox):
    send_form(**FORGED_FORM)
    import_list(acme, now)
    mallory = open_visitor(acme)

    mallory.request_code(MALLORY)
    outbox.deliver_due()
    mallory.submit_code(outbox.code(MALLORY))

    page = mallory.browser.get("/account/").content.decode()
    assert "Mallory" in page
    assert "Vera" not in page
    assert VICTIM not in page


def test_an_email_sign_in_confirms_the_mailbox_and_no_other_address(acme, send_form, open_visitor, outbox):
    send_form(**FORGED_FORM)
    mallory = open_visitor(acme)
    mallory.request_code(MALLORY)
    outbox.deliver_due()
    with use_business(acme):
        assert not Contact.objects.confirmed().exists()

    mallory.submit_code(outbox.code(MALLORY))

    with use_business(acme):
        assert [contact.value for contact in Contact.objects.confirmed()] == [MALLORY]
    stranger = open_visitor(acme)
    stranger.request_code(NUMBER)
    stranger.resend(channel="sms")
    outbox.deliver_due()
    assert outbox.sent(NUMBER) == []


def test_no_change_to_a_card_texts_its_unconfirmed_number(acme, send_form, now, outbox):
    send_form(**FORGED_FORM)
    with use_business(acme):
        client = Client.objects.get()
        staff = StaffActor(person_id=client.pk, name="Sabine")
        number = client.contacts.get(value=NUMBER)
        access.change_contact(
            client=client, old=None, new=parse_email("second@example.com"), source="staff", staff=staff, now=now
        )
        for allowed in (False, True):
            access.set_sign_in_allowed(client=client, contact=number, allowed=allowed, staff=staff, now=now)
        access.archive_client(client=client, staff=staff, now=now)
        access.restore_client(client=client, staff=staff, now=now)
        archive_clients(clients=Client.objects.all(), staff=staff, now=now)
        access.remove_contact(client=client, contact=number, staff=staff, now=now)
    outbox.deliver_due()

    assert outbox.sent(MALLORY)
    assert outbox.sent(NUMBER) == []


def test_the_same_form_sent_again_is_filed_on_the_card_it_made(acme, send_form):
    send_form(**FORGED_FORM)
    with use_business(acme):
        client = Client.objects.get()
        before = read_card(client)

    send_form(**FORGED_FORM | {"name": "Mallory M.", "message": "Are you there?"})

    with use_business(acme):
        assert set(Enquiry.objects.values_list("client", flat=True)) == {client.pk}
        assert read_card(client) == before


@pytest.mark.parametrize(
    "typed",
    [{"email": MALLORY}, {"mobile": OTHER_NUMBER}, {"email": VICTIM}],
    ids=["fewer", "another number", "mailbox"],
)
def test_a_form_with_other_addresses_makes_a_card_of_its_own(acme, send_form, typed):
    send_form(**FORGED_FORM)

    send_form(**{"name": "Vera", "email": MALLORY, "message": "Hello.", "mobile": ""} | typed)

    with use_business(acme):
        assert Client.objects.count() == 2


def test_a_repeated_claim_is_not_filed_on_a_card_that_staff_confirmed_in_part(acme, send_form, now):
    send_form(**FORGED_FORM)
    with use_business(acme):
        Contact.objects.filter(value=NUMBER).update(confirmed_at=now)

        assert clients.find_repeated_claim([parse_email(MALLORY), parse_phone(NUMBER, country="DE")]) is None


def test_a_list_confirms_the_number_on_the_card_of_a_mailbox_that_signed_in(acme, send_form, now, open_visitor, outbox):
    send_form(name="Vera", email=VICTIM, mobile=NUMBER, message="Hello.")
    vera = open_visitor(acme)
    vera.request_code(VICTIM)
    outbox.deliver_due()
    vera.submit_code(outbox.code(VICTIM))

    import_list(acme, now, on_match=Upload.OnMatch.FILL, text=LIST.replace("Vera Vogt", "Vera"))

    with use_business(acme):
        assert Client.objects.count() == 1
        assert Contact.objects.confirmed().count() == 2


def test_merging_answers_the_question(acme, send_form, now):
    send_form(**FORGED_FORM)
    import_list(acme, now)
    with use_business(acme):
        vera, mallory = Client.objects.get(name="Vera Vogt"), Client.objects.get(name="Mallory")
        staff = StaffActor(person_id=vera.pk, name="Sabine")

        cards.merge_clients(survivor=vera, duplicate=mallory, staff=staff, now=now)

        assert Suggestion.objects.get(kind="duplicate").resolution == "accepted"


@pytest.mark.parametrize("answer", ["acceptance", "dismissal"])
def test_an_answer_changes_the_card_it_stands_on_alone(acme, send_form, staff_client, answer):
    send_form(**FORGED_FORM)
    send_form(name="Vera", email=VICTIM, mobile=NUMBER, message="Hello.")
    with use_business(acme):
        question = Suggestion.objects.get(kind="duplicate")
        mallory, vera = Client.objects.get(name="Mallory"), Client.objects.get(name="Vera")
        before = read_card(mallory)

    staff_client().post(f"/console/acme/enquiries/suggestions/{question.pk}/{answer}/")

    with use_business(acme):
        assert read_card(mallory) == before
        confirmed = {NUMBER} if answer == "acceptance" else set()
        assert set(vera.contacts.confirmed().values_list("value", flat=True)) == confirmed
        assert not Suggestion.objects.filter(kind="duplicate", resolved_at=None).exists()
