"""U1, L14, L20: writing by the contact form in somebody else's name gains nothing."""

import re

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from portal.access import services as access
from portal.clients.models import Client, CustomField, Suggestion
from portal.intake.models import Enquiry
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.intake.contact_form_steps import NEW, match_enquiries, open_contact_form, send_contact_form

MALLORYS_MOBILE = "+4915199999999"
FORGED_FORM = {"name": "Mallory", "email": ANA, "mobile": MALLORYS_MOBILE, "message": "It's me, Ana."}
TOKEN = re.compile(r"[A-Za-z0-9_:.=-]{30,}")


def read_card(business, pk):
    """Return all that stands on a card."""
    with use_business(business):
        client = Client.objects.get(pk=pk)
        contacts = sorted(client.contacts.values_list("kind", "value", "may_sign_in", "confirmed_at", "source"))
        return client.name, client.search, client.custom, client.status, client.updated_at, contacts


def send_and_match_enquiry(business, visitor, advance_time, **typed):
    answer = send_contact_form(visitor.browser, advance_time, **typed)
    match_enquiries(business)
    return answer


@pytest.mark.parametrize(
    "known_by", [{"email": ANA}, {"email": "x@example.com", "mobile": MOBILE}], ids=["email", "mobile"]
)
def test_a_stranger_s_form_changes_no_card_of_the_address(acme, ana, open_visitor, advance_time, known_by):
    with use_business(acme):
        size = CustomField.objects.create(name="Size")
    before = read_card(acme, ana.pk)

    assert (
        send_and_match_enquiry(
            acme, open_visitor(acme), advance_time, **FORGED_FORM | known_by, **{f"field-{size.pk}": "XXL"}
        ).status_code
        == 302
    )

    assert read_card(acme, ana.pk) == before
    with use_business(acme):
        assert Client.objects.count() == 1
        waiting = set(ana.suggestions.filter(resolved_at=None).values_list("kind", "value"))
        assert ("name", "Mallory") in waiting
        assert {kind for kind, _value in waiting} == {"name", "phone" if "mobile" not in known_by else "email"}


def test_a_number_from_a_forged_form_gets_no_code(acme, ana, open_visitor, advance_time, outbox):
    send_and_match_enquiry(acme, open_visitor(acme), advance_time, **FORGED_FORM)
    mallory = open_visitor(acme)

    assert mallory.request_code(MALLORYS_MOBILE).status_code == 302
    mallory.resend(channel="sms")
    outbox.deliver_due()

    assert outbox.sent(MALLORYS_MOBILE) == []
    assert mallory.submit_code(mallory.code()).status_code == 422
    assert mallory.request_home_status() == 302


def test_a_form_opens_no_session_and_sets_no_other_cookie(acme, ana, open_visitor, advance_time):
    visitor = open_visitor(acme)
    send_and_match_enquiry(acme, visitor, advance_time, **FORGED_FORM)

    assert set(visitor.browser.cookies) <= {"csrf"}
    assert visitor.request_home_status() == 302


@pytest.fixture
def clients_of_every_kind(acme, globex, ana, now):
    """Everyone in whose name a stranger might write."""
    with use_business(acme):
        for name, end in (("archived", access.archive_client), ("blocked", access.block_client)):
            end(client=ClientFactory(email=f"ana.{name}@example.com"), now=now)
        for _one in range(2):
            ClientFactory(email="ana.shared@example.com")
    with use_business(globex):
        ClientFactory(email="ana.elsewhere@example.com")
    names = ("unknown", "archived", "blocked", "shared", "elsewhere")
    return {"known": ANA} | {name: f"ana.{name}@example.com" for name in names}


def test_known_and_unknown_addresses_get_the_same_answer_with_the_same_statements(
    acme, clients_of_every_kind, open_visitor, advance_time, settings
):
    settings.HOST_CACHE_SECONDS = 600
    open_contact_form(open_visitor(acme).browser)
    seen = {}
    for name, email in clients_of_every_kind.items():
        browser = open_visitor(acme).browser
        form_token = open_contact_form(browser)
        advance_time(10)
        with capture_statements() as sent:
            answer = browser.post(
                "/contact/", {"form_token": form_token, "name": "Ana", "email": email, "message": "Hello."}
            )
        shapes = [" ".join(statement.split()[:6]) for statement in sent.queries]
        thanks = browser.get(answer.headers["Location"])
        pages = answer.content, TOKEN.sub("", thanks.content.decode())
        headers = {key: value for key, value in answer.headers.items() if key != "Content-Length"}
        seen[name] = answer.status_code, headers, sorted(answer.cookies), pages, shapes

    assert seen["unknown"][0] == 302
    assert {name: look for name, look in seen.items() if look != seen["unknown"]} == {}


def test_no_client_is_looked_up_within_the_request(acme, ana, open_visitor, advance_time):
    browser = open_visitor(acme).browser
    form_token = open_contact_form(browser)
    advance_time(10)
    with capture_statements() as sent:
        browser.post("/contact/", {"form_token": form_token} | FORGED_FORM)

    asked = " ".join(sent.queries)
    assert "intake_enquiry" in asked
    assert "clients_contact" not in asked
    assert "clients_client" not in asked


def test_a_form_that_matches_two_clients_waits_for_staff(acme, clients_of_every_kind, open_visitor, advance_time):
    send_and_match_enquiry(
        acme, open_visitor(acme), advance_time, name="Anna", email=clients_of_every_kind["shared"], message="Hello."
    )

    with use_business(acme):
        enquiry = Enquiry.objects.get()
        assert (enquiry.client, enquiry.match_result) == (None, "ambiguous")
        question = Suggestion.objects.get()
        assert (question.client, question.kind) == (None, "ambiguous")
        assert set(question.submitted_data["clients"]) == {
            str(pk)
            for pk in Client.objects.filter(contacts__value=clients_of_every_kind["shared"]).values_list(
                "pk", flat=True
            )
        }
        assert Client.objects.filter(name="Anna").count() == 0


@pytest.mark.parametrize("name", ["archived", "blocked"])
def test_a_form_restores_no_sign_in_of_an_archived_or_blocked_client(
    acme, clients_of_every_kind, open_visitor, advance_time, outbox, name
):
    send_and_match_enquiry(
        acme, open_visitor(acme), advance_time, name="Ana", email=clients_of_every_kind[name], message="Hello."
    )
    visitor = open_visitor(acme)
    visitor.request_code(clients_of_every_kind[name])
    outbox.deliver_due()

    assert [mail for mail in outbox.sent(clients_of_every_kind[name]) if "code" in mail["subject"].lower()] == []
    with use_business(acme):
        assert Client.objects.get(contacts__value=clients_of_every_kind[name]).status == name


def test_a_client_of_another_business_is_unknown(acme, globex, clients_of_every_kind, open_visitor, advance_time):
    send_and_match_enquiry(
        acme, open_visitor(acme), advance_time, name="Ana", email=clients_of_every_kind["elsewhere"], message="Hello."
    )

    with use_business(acme):
        assert Enquiry.objects.get().match_result == "new"
    with use_business(globex):
        assert Enquiry.objects.count() == 0


def test_form_token_is_invalid_at_another_business(acme, globex, open_visitor, advance_time):
    form_token = open_contact_form(open_visitor(acme).browser)
    advance_time(10)

    typed = {"name": "Nora", "email": "nora@example.com", "message": "Hello."}
    assert open_visitor(globex).browser.post("/contact/", {"form_token": form_token} | typed).status_code == 422
    assert open_visitor(acme).browser.post("/contact/", {"form_token": form_token} | typed).status_code == 302


def test_a_form_from_another_site_is_refused(acme, advance_time):
    browser = Browser(headers={"host": "acme.localhost"}, enforce_csrf_checks=True)
    form_token = open_contact_form(browser)
    advance_time(10)

    assert (
        browser.post(
            "/contact/", {"form_token": form_token} | NEW, headers={"origin": "https://evil.example"}
        ).status_code
        == 403
    )


def test_the_form_of_a_signed_in_client_is_attached_to_their_own_card(acme, attacker, ana, advance_time):
    """A client who is signed in writes as themselves, even with another's address."""
    send_contact_form(attacker.browser, advance_time, **FORGED_FORM)
    match_enquiries(acme)

    with use_business(acme):
        assert Enquiry.objects.get().client.name == "Mallory"
        assert ana.suggestions.count() == 0


def test_form_input_is_escaped(acme, open_visitor, advance_time, staff_client):
    evil = "<script>alert(1)</script><a href='http://evil.example'>x</a>{{ 7|add:7 }}"
    send_and_match_enquiry(acme, open_visitor(acme), advance_time, name=evil, email="x@example.com", message=evil)
    browser = staff_client()
    with use_business(acme):
        pk = Enquiry.objects.get().pk
    cache.clear()

    for path in ("enquiries/", f"enquiries/{pk}/", "search/?q=script"):
        page = browser.get(f"/console/acme/{path}").content.decode()
        assert "&lt;script&gt;" in page, path
        assert "<script>alert" not in page
        assert "href='http://evil" not in page


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("+881612345678", "a satellite phone"),
        ("+19005551234", "an American premium number"),
        ("+18765551234", "Jamaica, which shares America's prefix"),
        ("+499001234567", "a German premium number"),
        ("+5352123456", "Cuba"),
        ("+4915199999999", "a mobile that nobody has confirmed"),
    ],
)
def test_a_number_added_by_the_form_gets_no_text(acme, open_visitor, advance_time, outbox, number, what):
    send_and_match_enquiry(
        acme, open_visitor(acme), advance_time, name="Mallory", email="mallory@example.com", mobile=number, message="Hi"
    )
    mallory = open_visitor(acme)

    mallory.request_code("mallory@example.com")
    assert mallory.resend(channel="sms").status_code == 302
    assert open_visitor(acme).request_code(number).status_code == 302
    outbox.deliver_due()

    assert {message["channel"] for message in outbox.sent()} == {"email"}, what
    assert outbox.sent(number) == []


def test_a_number_from_the_form_gets_texts_once_staff_confirm_it(
    acme, open_visitor, advance_time, outbox, staff_client, now
):
    from tenants.staff.staff_actor import StaffActor

    send_and_match_enquiry(acme, open_visitor(acme), advance_time, **NEW)
    with use_business(acme):
        client = Client.objects.get(name="Nora Neu")
        contact = client.contacts.get(kind="phone")
        staff = StaffActor(person_id=client.pk, name="Sabine")
        access.confirm_contact(client=client, contact=contact, staff=staff, now=now)
    nora = open_visitor(acme)
    nora.request_code("nora@example.com")
    nora.resend(channel="sms")
    outbox.deliver_due()

    assert outbox.code(contact.value) == nora.code()


@pytest.mark.parametrize("name", ["http://evil.example/win Nora", "Nora\r\nBcc: all@example.com", "{% debug %}"])
def test_no_mail_carries_a_link_a_stranger_typed_as_their_name(
    acme, open_visitor, advance_time, outbox, staff_client, name
):
    staff_client("owner")
    send_and_match_enquiry(
        acme,
        open_visitor(acme),
        advance_time,
        name=name,
        email="lure@example.com",
        message="See http://evil.example/ too",
    )
    open_visitor(acme).request_code("lure@example.com")
    outbox.deliver_due()
    advance_time(1000)
    outbox.deliver_due()

    assert outbox.sent("lure@example.com")
    assert len(outbox.sent()) > len(outbox.sent("lure@example.com")), "no mail to staff, so nothing was tried there"
    for mail in outbox.sent():
        for part in (mail["subject"], mail["text"], mail["html"]):
            assert not re.search(r"evil|Bcc:|debug", part), part
