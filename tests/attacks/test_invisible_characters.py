"""One rule for every form, list and command: what can't be seen goes, what carries meaning stays."""

import pytest
from django.core.management import call_command

from portal.clients.models import Client, CustomField, Note, SavedView, Tag
from portal.clients.uploads import services, upload_processing
from portal.intake.models import Enquiry
from portal.messaging.models import ChatMessage
from tenants.context import use_business
from tenants.models import Business
from tests.portal.intake.contact_form_steps import NEW, send_contact_form

# Reversed, with a zero-width space, a filler, a soft hyphen, on two lines; and Persian, which needs its joiner.
TYPED = "\u202eGR\u200bO\u00adSS\u202c\u3164\nعلی\u200cرضا"
CLEANED = "GROSS علی\u200cرضا"
CLEANED_LINES = "GROSS\nعلی\u200cرضا"
CONSOLE = "/console/acme"


@pytest.fixture
def browser(staff_client):
    return staff_client("owner")


def post(browser, path, **typed):
    answer = browser.post(f"{CONSOLE}/{path}", typed)
    assert answer.status_code == 302, path


def test_an_enquiry_is_cleaned(acme, portal_client, advance_time):
    typed = NEW | {"name": TYPED, "message": TYPED}

    assert send_contact_form(portal_client(acme), advance_time, **typed).status_code == 302

    with use_business(acme):
        enquiry = Enquiry.objects.get()
    assert (enquiry.name, enquiry.message) == (CLEANED, CLEANED_LINES)


def test_new_and_renamed_clients_are_cleaned(acme, ana, browser):
    post(browser, "clients/new/", name=TYPED, email="gross@example.com")
    post(browser, f"clients/{ana.pk}/edit/", name=TYPED)

    with use_business(acme):
        assert Client.objects.filter(name=CLEANED).count() == 2


def test_the_texts_of_a_card_are_cleaned(acme, ana, browser):
    with use_business(acme):
        field = CustomField.objects.create(name="Doctor", kind="text")
        contact = ana.contacts.get(kind="email")
    post(browser, f"clients/{ana.pk}/edit/", name="Ana", **{str(field.pk): TYPED})
    post(browser, f"clients/{ana.pk}/tags/", name=TYPED)
    post(browser, f"clients/{ana.pk}/notes/new/", body=TYPED)
    post(browser, f"clients/{ana.pk}/contacts/{contact.pk}/", identifier=contact.value, label=TYPED)

    with use_business(acme):
        ana.refresh_from_db()
        assert ana.custom == {str(field.pk): CLEANED}
        assert Tag.objects.filter(name=CLEANED).exists()
        assert Note.objects.get().body == CLEANED_LINES
        assert ana.contacts.get(kind="email").label == CLEANED


def test_the_names_of_tags_fields_and_views_are_cleaned(acme, ana, browser):
    post(browser, "clients/tags/", name=TYPED, colour="grey")
    post(browser, "settings/client-fields/", name=TYPED, kind="choice", choices=f"{TYPED}\n\u200b")
    post(browser, "clients/views/", name=TYPED, query="status=active")
    post(browser, "clients/selected/tag/", name=f"{TYPED}2", client=str(ana.pk))

    with use_business(acme):
        assert set(Tag.objects.values_list("name", flat=True)) == {CLEANED, f"{CLEANED}2"}
        assert CustomField.objects.get().choices == CLEANED_LINES.splitlines()
        assert (CustomField.objects.get().name, SavedView.objects.get().name) == (CLEANED, CLEANED)


def test_a_chat_message_is_cleaned(acme, signed_in_ana):
    signed_in_ana.browser.post("/messages/", {"body": TYPED})

    with use_business(acme):
        assert ChatMessage.objects.get().body == CLEANED_LINES


def test_the_name_of_a_business_is_cleaned(acme, browser):
    post(browser, "portal/branding/", name=TYPED, colour="#0f766e", languages="en")

    assert Business.objects.get(pk=acme.pk).name == CLEANED


def test_a_client_added_by_command_is_cleaned(acme):
    call_command("add_client", TYPED, business="acme", email=["gross@example.com"])

    with use_business(acme):
        assert Client.objects.get().name == CLEANED


def test_a_list_is_cleaned(acme, now):
    with use_business(acme):
        field = CustomField.objects.create(name="Doctor", kind="text")
        text = f'Name,Email,Tags,Note,Doctor\n"{TYPED}",gross@example.com,"GR\u200bOSS","{TYPED}","{TYPED}"\n'
        data = text.encode()
        upload = services.receive_upload(chunks=[data], name="\u202elist.csv", size=len(data), staff=None, now=now)
        services.map_columns(upload=upload, targets=upload.columns, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
        upload.refresh_from_db()
        services.start_import(upload=upload, on_match="skip", staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)

        client = Client.objects.get()
        assert (client.name, client.custom) == (CLEANED, {str(field.pk): CLEANED})
        assert list(client.tags.values_list("name", flat=True)) == ["GROSS"]
        assert (client.notes.get().body, upload.name) == (CLEANED_LINES, "list.csv")


@pytest.mark.parametrize("unseen", ["\u3164", "\u202e\u200b", "\u2800", "\u00ad\ufeff"], ids=ascii)
def test_a_name_that_nobody_can_see_is_no_name(acme, ana, browser, portal_client, advance_time, unseen):
    assert send_contact_form(portal_client(acme), advance_time, **NEW | {"name": unseen}).status_code == 422
    for path in ("clients/new/", f"clients/{ana.pk}/edit/"):
        answer = browser.post(f"{CONSOLE}/{path}", {"name": unseen, "email": "nobody@example.com"})
        assert answer.status_code == 422, path
