"""Tests of the public contact form: what it asks, and how it rejects bots."""

import re

import pytest
from django.core.cache import cache
from django.utils.html import escape

from portal.clients.models import Client, CustomField
from portal.intake.models import ContactFormSettings, Enquiry
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.contact_form_steps import NEW, match_enquiries, open_contact_form, send_contact_form


@pytest.fixture
def browser(acme, portal_client):
    """A stranger's browser at Acme."""
    return portal_client(acme)


def configure_contact_form(business, **choices):
    """Change the settings of a business's contact form, and clear the cache."""
    with use_business(business):
        ContactFormSettings.objects.update_or_create(id=1, defaults=choices)
    cache.clear()


def count_enquiries(business):
    with use_business(business):
        return Enquiry.objects.count()


def test_a_new_person_is_thanked_and_added_to_the_client_list(acme, browser, advance_clock):
    answer = send_contact_form(browser, advance_clock, **NEW)
    match_enquiries(acme)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/contact/thanks/")
    assert b"Thank you" in browser.get("/contact/thanks/").content
    with use_business(acme):
        client = Client.objects.get(name="Nora Neu")
        enquiry = client.enquiries.get()
        on_card = {(contact.value, contact.source, contact.confirmed_at is None) for contact in client.contacts.all()}
        assert on_card == {("nora@example.com", "form", True), ("+4915112345678", "form", True)}
        assert (client.source, enquiry.match_result, enquiry.message) == ("contact-form", "new", NEW["message"])
        event_types = list(client.entries.order_by("event_type").values_list("event_type", flat=True))
        assert event_types == ["clients.added", "intake.enquiry-received"]


def test_a_form_sent_twice_is_stored_once(acme, browser, advance_clock):
    form_token = open_contact_form(browser)
    advance_clock(10)

    answers = [browser.post("/contact/", {"form_token": form_token} | NEW).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert count_enquiries(acme) == 1


def test_two_enquiries_of_a_new_person_add_one_client(acme, browser, advance_clock):
    for _form in range(2):
        send_contact_form(browser, advance_clock, **NEW)
    match_enquiries(acme)

    with use_business(acme):
        assert Client.objects.filter(name="Nora Neu").count() == 1
        assert Enquiry.objects.filter(client__name="Nora Neu").count() == 2


def test_an_enquiry_is_matched_once(acme, browser, advance_clock, now):
    send_contact_form(browser, advance_clock, **NEW)
    match_enquiries(acme)

    from portal.intake import services

    with use_business(acme):
        assert services.match_enquiry(enquiry_id=Enquiry.objects.get().pk, now=now) is None
        assert Client.objects.filter(name="Nora Neu").count() == 1


def test_an_enquiry_whose_job_was_lost_is_enqueued_again(acme, browser, advance_clock, now):
    from datetime import timedelta

    from portal.intake import services

    send_contact_form(browser, advance_clock, **NEW)
    with use_business(acme):
        assert services.requeue_pending_enquiries(now=Enquiry.objects.get().received_at) == 0
        assert services.requeue_pending_enquiries(now=Enquiry.objects.get().received_at + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(("seconds", "status"), [(0, 422), (2.9, 422), (3.1, 302), (86_390, 302), (86_410, 422)])
def test_a_form_is_accepted_between_three_seconds_and_a_day_after_it_was_opened(
    acme, browser, advance_clock, seconds, status
):
    assert send_contact_form(browser, advance_clock, seconds, **NEW).status_code == status
    assert count_enquiries(acme) == (status == 302)


@pytest.mark.parametrize("form_token", ["", "x", "1:2:3", "x" * 5000, "\x00"])
def test_a_form_without_a_valid_token_is_rejected(acme, browser, form_token):
    assert browser.post("/contact/", {"form_token": form_token} | NEW).status_code == 422
    assert count_enquiries(acme) == 0


def test_a_form_sent_too_fast_or_too_late_keeps_its_values_and_can_be_sent_again(acme, browser, advance_clock):
    for seconds, wait in ((1, 4), (90_000, 1)):
        answer = send_contact_form(browser, advance_clock, seconds, **NEW)
        page = answer.content.decode()
        assert escape(NEW["message"]) in page
        assert "again" in page
        form_token = page.partition('name="form_token" value="')[2].partition('"')[0]
        advance_clock(wait)
        assert browser.post("/contact/", {"form_token": form_token} | NEW).status_code == 302


def test_an_invalid_field_does_not_restart_the_minimum_time(acme, browser, advance_clock):
    answer = send_contact_form(browser, advance_clock, 10, **NEW | {"email": "nora"})
    form_token = answer.content.decode().partition('name="form_token" value="')[2].partition('"')[0]

    assert answer.status_code == 422
    assert browser.post("/contact/", {"form_token": form_token} | NEW).status_code == 302


def test_a_filled_honeypot_is_rejected_with_an_explanation(acme, browser, advance_clock):
    answer = send_contact_form(browser, advance_clock, **NEW, leave_empty="https://buy.example")

    assert answer.status_code == 422
    assert count_enquiries(acme) == 0
    page = answer.content.decode()
    assert "This field must stay empty" in page
    assert 'class="honeypot"' not in page


def test_the_honeypot_is_hidden_from_people(browser):
    page = browser.get("/contact/").content.decode()

    assert 'class="honeypot" aria-hidden="true"' in page
    assert re.search(r'name="leave_empty"\s+type="text"\s+tabindex="-1"\s+autocomplete="off"', page)


def test_the_honeypot_has_a_name_that_no_address_book_fills_in(browser):
    page = browser.get("/contact/").content.decode()
    honeypot = re.search(r"<input[^>]*tabindex=\"-1\"[^>]*>", page)[0]

    assert not re.search(
        r"name=\"[^\"]*(name|mail|tel|phone|url|web|page|site|company|organi|street|address|city|zip|fax)", honeypot
    )
    assert {"data-1p-ignore", "data-bwignore", "data-lpignore"} <= set(re.findall(r"data-\w+(?:-\w+)*", honeypot))


def test_who_is_too_fast_twice_still_sends_the_same_form_in_the_end(acme, browser, advance_clock):
    form_token, statuses = open_contact_form(browser), []
    for seconds in (1, 1, 1.5):
        advance_clock(seconds)
        statuses.append(browser.post("/contact/", {"form_token": form_token} | NEW).status_code)

    assert statuses == [422, 422, 302]
    assert count_enquiries(acme) == 1


@pytest.mark.parametrize(
    ("left_out", "expected_text"),
    [("name", "Enter your name."), ("email", "Enter your email address."), ("message", "Enter a message.")],
)
def test_missing_required_fields_are_rejected(browser, advance_clock, left_out, expected_text):
    answer = send_contact_form(browser, advance_clock, **NEW | {left_out: " "})

    assert answer.status_code == 422
    assert expected_text in answer.content.decode()


def test_the_settings_decide_which_fields_the_form_has(acme, browser, advance_clock):
    with use_business(acme):
        size = CustomField.objects.create(name="Shoe size", kind="number")
        since = CustomField.objects.create(name="Since", kind="date")
        side = CustomField.objects.create(name="Side", kind="choice", choices=["Left", "Right"])
        insured = CustomField.objects.create(name="Insured", kind="yes-no")
        unasked = CustomField.objects.create(name="Unasked")
    asked = {str(size.pk): "required", str(since.pk): "optional", str(side.pk): "optional", str(insured.pk): "optional"}
    configure_contact_form(
        acme, email="optional", mobile="no", message="no", custom=asked, intro="Hello there.", thanks="Ta."
    )
    typed = {
        "name": "Nora",
        "email": "nora@example.com",
        f"field-{since.pk}": "2026-05-31",
        f"field-{side.pk}": "Left",
        f"field-{insured.pk}": "no",
        f"field-{unasked.pk}": "no business of ours",
    }

    page = browser.get("/contact/").content.decode()
    answers = [send_contact_form(browser, advance_clock, **typed).status_code]
    answers.append(send_contact_form(browser, advance_clock, **typed, **{f"field-{size.pk}": "42,5"}).status_code)
    match_enquiries(acme)

    assert "Hello there." in page
    assert 'name="mobile"' not in page
    assert "Unasked" not in page
    assert answers == [422, 302]
    assert b"Ta." in browser.get("/contact/thanks/").content
    with use_business(acme):
        expected = {str(size.pk): 42.5, str(since.pk): "2026-05-31", str(side.pk): "Left", str(insured.pk): False}
        assert Client.objects.get(name="Nora").custom == expected


def test_an_address_is_required_where_neither_field_is(acme, browser, advance_clock):
    configure_contact_form(acme, email="optional", mobile="optional")

    assert send_contact_form(browser, advance_clock, name="Nora", message="Hi").status_code == 422
    assert (
        send_contact_form(browser, advance_clock, name="Nora", message="Hi", mobile="0151 12345678").status_code == 302
    )


def test_a_disabled_form_is_not_found_and_not_linked(acme, browser, advance_clock):
    assert 'href="/contact/"' in browser.get("/sign-in/").content.decode()
    form_token = open_contact_form(browser)
    configure_contact_form(acme, is_on=False)
    advance_clock(10)

    assert browser.get("/contact/").status_code == 404
    assert browser.get("/contact/thanks/").status_code == 404
    assert browser.post("/contact/", {"form_token": form_token} | NEW).status_code == 404
    assert 'href="/contact/"' not in browser.get("/sign-in/").content.decode()
    assert count_enquiries(acme) == 0


def test_the_enquiry_of_a_signed_in_client_is_assigned_to_them(acme, sign_in_client, advance_clock):
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira", email="ana@example.com")
    browser = sign_in_client(acme, "ana@example.com")

    home, page = browser.get("/").content.decode(), browser.get("/contact/").content.decode()
    send_contact_form(browser, advance_clock, **NEW)
    match_enquiries(acme)

    assert 'href="/contact/"' in home
    assert 'value="Ana Pereira"' in page
    assert 'value="ana@example.com"' in page
    with use_business(acme):
        assert ana.enquiries.get().match_result == "known"
        assert {suggestion.value for suggestion in ana.suggestions.all()} == {
            "Nora Neu",
            "nora@example.com",
            "+4915112345678",
        }


def test_the_form_is_translated_into_german(browser):
    page = browser.get("/contact/", headers={"accept-language": "de"}).content.decode()

    assert "Schreiben Sie uns" in page
    assert "Ihre Nachricht" in page


def test_a_worker_matches_the_enquiry_of_its_job(
    acme, browser, advance_clock, monkeypatch, django_capture_on_commit_callbacks
):
    from portal.intake.services import enquiry_receiving
    from workers.actors.row_jobs import run_row_job

    enqueued = []
    monkeypatch.setattr(enquiry_receiving, "enqueue_row_job", lambda name, **ids: enqueued.append((name, ids)))
    with django_capture_on_commit_callbacks(execute=True):
        send_contact_form(browser, advance_clock, **NEW)
    [(job_name, ids)] = enqueued

    run_row_job.fn(job_name=job_name, **{name: str(pk) for name, pk in ids.items()})

    with use_business(acme):
        assert Enquiry.objects.get().match_result == "new"


def test_the_example_of_a_number_is_one_of_the_country_of_the_business(browser):
    assert "With the country code, for example +49 171 3920012." in browser.get("/contact/").content.decode()
