"""Tests of the console's enquiries and suggestions, by which alone an enquiry changes a card."""

from functools import partial
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.models import Client, Suggestion, SuggestionKind, SuggestionResolution
from portal.clients.services import suggestions, update_search_text
from portal.demo.services import remove_business, seed_business
from portal.intake import services
from portal.intake.models import ContactFormSettings, Enquiry
from portal.messaging.models import Notification
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked
from tests.portal.intake.contact_form_steps import NEW, match_enquiries, send_contact_form

ENQUIRIES_PAGE = "/console/acme/enquiries/"
SUGGESTIONS_PAGE = f"{ENQUIRIES_PAGE}suggestions/"


@pytest.fixture
def send_enquiry(acme, portal_client, advance_clock):
    """Return a function that sends the contact form at Acme and has it looked up."""

    def send_enquiry(**typed):
        assert send_contact_form(portal_client(acme), advance_clock, **typed).status_code == 302
        match_enquiries(acme)
        with use_business(acme):
            return Enquiry.objects.latest("received_at")

    return send_enquiry


@pytest.fixture
def ana(acme, ana):
    """Ana without a mobile number."""
    with use_business(acme):
        ana.contacts.filter(kind="phone").delete()
        update_search_text([ana.pk])
        return ana


@pytest.fixture
def suggestions_by_kind(acme, ana, send_enquiry):
    """What was typed in Ana's name that her card doesn't say, by kind."""
    send_enquiry(name="Anna P.", email="ana@example.com", mobile="0151 12345678", message="Hello.")
    with use_business(acme):
        return {suggestion.kind: suggestion for suggestion in Suggestion.objects.all()}


def test_staff_are_notified_of_an_enquiry_and_mark_it_read(acme, send_enquiry, staff_client):
    browser = staff_client("staff")
    enquiry = send_enquiry(**NEW)
    page = f"{ENQUIRIES_PAGE}{enquiry.pk}/"

    assert b"Nora Neu" in browser.get(f"{ENQUIRIES_PAGE}?show=unread").content
    assert NEW["message"] in browser.get(page).content.decode()
    with use_business(acme):
        assert Notification.objects.filter(kind="contact-form", subject_id=enquiry.pk, read_at=None).exists()
    assert browser.post(f"{page}read-status/").status_code == 302

    assert b"Nora Neu" not in browser.get(f"{ENQUIRIES_PAGE}?show=unread").content
    assert b"Nora Neu" in browser.get(ENQUIRIES_PAGE).content
    assert b"read by Staff of Acme" in browser.get(page).content
    with use_business(acme):
        assert not Notification.objects.filter(subject_id=enquiry.pk, read_at=None).exists()
    browser.post(f"{page}read-status/", {"unread": "1"})
    assert b"Nora Neu" in browser.get(f"{ENQUIRIES_PAGE}?show=unread").content


def test_viewing_an_enquiry_does_not_mark_it_read(acme, send_enquiry, staff_client):
    enquiry = send_enquiry(**NEW)
    staff_client().get(f"{ENQUIRIES_PAGE}{enquiry.pk}/")

    with use_business(acme):
        assert Enquiry.objects.get().read_at is None


def test_a_name_is_changed_when_staff_accept_it(acme, ana, suggestions_by_kind, staff_client):
    browser = staff_client("staff")
    assert b"Anna P." in browser.get(SUGGESTIONS_PAGE).content

    answer = browser.post(f"{SUGGESTIONS_PAGE}{suggestions_by_kind['name'].pk}/acceptance/", {"next": "/console/acme/"})

    assert answer.headers["Location"] == "/console/acme/"
    with use_business(acme):
        ana.refresh_from_db()
        assert (ana.name, ana.search.startswith("anna p.")) == ("Anna P.", True)
        entry = Entry.objects.get(event_type="clients.suggestion-accepted")
        assert (entry.client, entry.actor_name) == (ana, "Staff of Acme")
        change = Entry.objects.get(event_type="clients.changed")
        assert (change.data["before"], change.data["after"]) == ({"name": "Ana Pereira"}, {"name": "Anna P."})
    assert b"Anna P.</strong>" not in browser.get(SUGGESTIONS_PAGE).content


@pytest.mark.parametrize("ticked", [True, False])
def test_an_accepted_address_may_sign_in_only_if_staff_allow_it(acme, ana, suggestions_by_kind, staff_client, ticked):
    choice = {"may_sign_in": "on"} if ticked else {}
    staff_client().post(f"{SUGGESTIONS_PAGE}{suggestions_by_kind['phone'].pk}/acceptance/", choice)

    with use_business(acme):
        contact = ana.contacts.get(kind="phone")
        assert (contact.value, contact.may_sign_in, contact.confirmed_at is not None) == (
            "+4915112345678",
            ticked,
            True,
        )


def test_a_dismissed_suggestion_changes_nothing_and_is_removed(acme, ana, suggestions_by_kind, staff_client):
    browser = staff_client()
    for kind in ("name", "phone"):
        browser.post(f"{SUGGESTIONS_PAGE}{suggestions_by_kind[kind].pk}/dismissal/")

    assert b"No open suggestions." in browser.get(SUGGESTIONS_PAGE).content
    with use_business(acme):
        ana.refresh_from_db()
        assert (ana.name, ana.contacts.count()) == ("Ana Pereira", 1)
        assert Entry.objects.filter(event_type="clients.suggestion-dismissed").count() == 2


def test_a_suggestion_is_resolved_once(acme, ana, suggestions_by_kind, staff_client):
    browser = staff_client()
    browser.post(f"{SUGGESTIONS_PAGE}{suggestions_by_kind['name'].pk}/dismissal/")
    answer = browser.post(f"{SUGGESTIONS_PAGE}{suggestions_by_kind['name'].pk}/acceptance/", follow=True)

    assert b"This has already been decided." in answer.content
    with use_business(acme):
        ana.refresh_from_db()
        assert ana.name == "Ana Pereira"


def test_repeated_enquiries_make_one_suggestion(acme, ana, send_enquiry):
    for _form in range(3):
        send_enquiry(name="Anna P.", email="ana@example.com", message="Hello.")

    with use_business(acme):
        assert ana.suggestions.count() == 1
        assert ana.enquiries.count() == 3


def test_a_name_that_differs_in_accents_and_case_makes_no_suggestion(acme, ana, send_enquiry):
    send_enquiry(name="ANA  PEREÍRA", email="ana@example.com", message="Hello.")

    with use_business(acme):
        assert ana.suggestions.count() == 0


def test_staff_assign_an_ambiguous_enquiry(acme, send_enquiry, staff_client):
    with use_business(acme):
        jonas, mia = (ClientFactory(name=name, email="family@example.com") for name in ("Jonas Brandt", "Mia Brandt"))
    enquiry = send_enquiry(name="Mia B.", email="family@example.com", message="Hello.")
    browser, assign = staff_client(), f"{ENQUIRIES_PAGE}{enquiry.pk}/assignment/"

    page = browser.get(f"{ENQUIRIES_PAGE}{enquiry.pk}/").content
    assert b"Jonas Brandt" in page
    assert b"Mia Brandt" in page
    with use_business(acme):
        nobody = ClientFactory(name="Somebody else", email="else@example.com")
    browser.post(assign, {"client": str(nobody.pk)})
    with use_business(acme):
        assert Enquiry.objects.get().client is None
    browser.post(assign, {"client": str(mia.pk)})
    refused = browser.post(assign, {"client": str(jonas.pk)})

    with use_business(acme):
        assert Enquiry.objects.get().client == mia
        assert [suggestion.value for suggestion in Suggestion.objects.filter(resolved_at=None)] == ["Mia B."]
        assert Entry.objects.get(event_type="intake.enquiry-assigned").client == mia
    assert refused.status_code == 409
    assert "Owner of Acme has already assigned this enquiry to Mia Brandt" in refused.content.decode()


def test_the_second_of_two_concurrent_assignments_shows_a_conflict(committed_db, acme, send_enquiry, staff_client):
    with use_business(acme):
        jonas, mia = (ClientFactory(name=name, email="family@example.com") for name in ("Jonas Brandt", "Mia Brandt"))
    enquiry = send_enquiry(name="Mia B.", email="family@example.com", message="Hello.")
    first, second = staff_client("owner"), staff_client("manager")
    assign = f"{ENQUIRIES_PAGE}{enquiry.pk}/assignment/"

    with run_blocked(partial(second.post, assign, {"client": str(jonas.pk)})) as responses:
        assert first.post(assign, {"client": str(mia.pk)}).status_code == 302

    [refused] = responses
    assert refused.status_code == 409
    assert "Owner of Acme has already assigned this enquiry to Mia Brandt" in refused.content.decode()
    with use_business(acme):
        assert Enquiry.objects.get().client == mia
        assert Entry.objects.filter(event_type="intake.enquiry-assigned").count() == 1


def test_an_enquiry_whose_suggestion_was_dismissed_cannot_be_assigned(acme, send_enquiry, staff_client):
    with use_business(acme):
        jonas, _mia = (ClientFactory(name=name, email="family@example.com") for name in ("Jonas Brandt", "Mia Brandt"))
    enquiry = send_enquiry(name="Mia B.", email="family@example.com", message="Hello.")
    with use_business(acme):
        suggestions.resolve_suggestion(Suggestion.objects.get(), SuggestionResolution.DISMISSED, now=timezone.now())

    assert (
        staff_client().post(f"{ENQUIRIES_PAGE}{enquiry.pk}/assignment/", {"client": str(jonas.pk)}).status_code == 409
    )
    with use_business(acme), pytest.raises(services.EnquiryAlreadyAssigned):
        services.assign_enquiry(enquiry_id=enquiry.pk, client=jonas, staff=None, now=timezone.now())


def test_concurrent_suggestions_are_stored_once(committed_db, acme):
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira")
    fields = {"kind": SuggestionKind.NAME, "value": "Anna", "submitted_data": {}, "source": "contact-form"}
    suggest = partial(suggestions.add_suggestion, client=ana, subject_id=uuid4(), now=timezone.now(), **fields)

    with run_blocked(suggest, business=acme) as other, use_business(acme):
        suggest()

    assert other == [None]
    with use_business(acme):
        assert ana.suggestions.count() == 1


def test_an_enquiry_is_listed_on_the_client_s_card(acme, ana, send_enquiry, staff_client):
    enquiry = send_enquiry(name="Ana Pereira", email="ana@example.com", message="Where may I park?")
    page = staff_client("read-only").get(f"/console/acme/clients/{ana.pk}/enquiries/").content.decode()

    assert "Where may I park?" in page
    assert f"{ENQUIRIES_PAGE}{enquiry.pk}/" in page


def test_staff_change_the_contact_form_settings(acme, staff_client, portal_client):
    browser, page = staff_client("manager"), "/console/acme/settings/contact-form/"
    choices = {"is_on": "on", "intro": "Say hello.", "email": "required", "mobile": "no", "message": "optional"}

    assert b"Required" in browser.get(page).content
    assert browser.post(page, choices | {"email": "no"}).status_code == 422
    assert browser.post(page, choices).status_code == 302
    cache.clear()

    shown = portal_client(acme).get("/contact/").content.decode()
    assert "Say hello." in shown
    assert 'name="mobile"' not in shown
    assert "Your message (optional)" in shown
    with use_business(acme):
        entry = Entry.objects.get(event_type="intake.contact-form-changed")
        assert entry.data["after"] == {"intro": "Say hello.", "mobile": "no", "message": "optional"}
        assert entry.data["before"] == {"intro": "", "mobile": "optional", "message": "required"}
    browser.post(page, {key: value for key, value in choices.items() if key != "is_on"})
    with use_business(acme):
        assert ContactFormSettings.objects.get().is_on is False


def test_a_demo_client_s_enquiry_is_not_listed(acme, send_enquiry, staff_client):
    browser = staff_client()
    enquiry = send_enquiry(**NEW)
    with use_business(acme):
        Client.objects.update(is_demo=True)
        Notification.objects.all().delete()

    assert b"Nora Neu" not in browser.get(ENQUIRIES_PAGE).content
    assert browser.get(f"{ENQUIRIES_PAGE}{enquiry.pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 60])
def test_the_enquiry_list_takes_few_statements(acme, send_enquiry, staff_client, now, number):
    with use_business(acme):
        client = ClientFactory(name="Ana", email="ana@example.com")
        details = {"name": "Ana", "email": "a@example.com", "network_digest": b"x", "match_result": "known"}
        Enquiry.objects.bulk_create(
            Enquiry(idempotency_key=uuid4(), client=client, received_at=now, **details) for _ in range(number)
        )
    browser = staff_client()
    browser.get(ENQUIRIES_PAGE)
    with capture_statements() as captured:
        assert browser.get(ENQUIRIES_PAGE).status_code == 200

    assert len(captured.queries) <= 12, captured.queries


def test_the_demo_has_an_unread_enquiry_and_an_open_suggestion(acme, now):
    remove_business("acme")
    with use_business(seed_business("acme", now=now)):
        assert Enquiry.objects.unread().count() == 2
        assert set(Enquiry.objects.values_list("match_result", flat=True)) == {"known", "ambiguous"}
        assert set(Suggestion.objects.values_list("kind", flat=True)) == {"name", "phone", "ambiguous"}
