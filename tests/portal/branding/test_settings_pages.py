"""The portal's branding and sign-in settings apply at once and are recorded."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from portal.activity.models import Entry
from portal.activity.presenters import present_entry
from portal.branding.home_sections import list_hideable_sections
from portal.branding.kinds import BrandingEvent
from portal.branding.models import PortalSettings
from portal.branding.services import DEFAULT_SMS_COUNTRIES
from portal.intake.models import ContactFormSettings
from tenants.context import use_business
from tenants.nouns import page_registry
from tests.factories import ClientFactory

PAGE = "/console/acme/portal/branding/"
SIGN_IN = "/console/acme/portal/sign-in/"
FORM_DATA = {
    "name": "Acme Physiotherapy",
    "colour": "#1e3a8a",
    "welcome": "Good to see you.",
    "contact_email": "hello@acme.example",
    "contact_phone": "030 23125 014",
    "website": "acme.example",
    "postal_address": "Lindenstraße 12, Berlin",
    "languages": ["en", "de"],
    "visible_sections": ["contact", "details", "devices"],
}


def build_form_data(**other):
    return FORM_DATA | other


def load_portal_settings(business) -> PortalSettings:
    with use_business(business):
        return PortalSettings.objects.get()


def load_timeline_entries(business):
    with use_business(business):
        return list(Entry.objects.order_by("at"))


def test_saved_settings_are_normalised_and_shown_at_once(
    acme, staff_client, portal_client, django_capture_on_commit_callbacks
):
    visitor = portal_client(acme)
    assert '<html lang="en">' in visitor.get("/sign-in/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert staff_client().post(PAGE, build_form_data(name="Berlin Physio", languages=["de"])).status_code == 302

    page = visitor.get("/sign-in/").content.decode()

    assert '<html lang="de">' in page
    assert "Berlin Physio" in page
    assert "Good to see you." in page
    assert "--brand:#1e3a8a" in visitor.get("/theme.css").content.decode()
    saved = load_portal_settings(acme)
    assert (saved.contact_phone, saved.website) == ("+493023125014", "https://acme.example")


def test_a_web_address_keeps_nothing_that_can_not_be_seen(acme, staff_client):
    website = "https://acme.example/\u202eelif\u200b"

    assert staff_client().post(PAGE, build_form_data(website=website)).status_code == 302

    assert load_portal_settings(acme).website == "https://acme.example/elif"


def test_a_change_is_recorded_with_before_and_after(acme, staff_client):
    browser = staff_client("manager")
    browser.post(PAGE, build_form_data())
    browser.post(PAGE, build_form_data(colour="#0F766E"))
    browser.post(PAGE, build_form_data(colour="#0f766e"))

    first, second = load_timeline_entries(acme)

    assert first.event_type == second.event_type == BrandingEvent.BRANDING_CHANGED
    assert second.data == {"before": {"colour": "#1e3a8a"}, "after": {"colour": "#0f766e"}}
    assert second.actor_name == "Manager of Acme"


def test_a_hidden_section_is_not_on_the_home_page(acme, staff_client, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email="ana@example.com")
    ana = sign_in_client(acme, "ana@example.com")
    staff_client().post(PAGE, build_form_data(visible_sections=["details"]))

    page = ana.get("/").content.decode()

    assert "hello@acme.example" not in page
    assert "ana@example.com" in page
    hidden = set(load_portal_settings(acme).hidden_sections)
    assert hidden >= {"contact", "devices"}
    assert "details" not in hidden


def test_every_section_of_the_home_page_can_be_hidden(acme, staff_client, sign_in_client):
    assert len(list_hideable_sections()) == len(page_registry.list_portal_sections()) == 8
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email="ana@example.com")
        ContactFormSettings.objects.update_or_create(pk=1, defaults={"is_on": True})
    ana = sign_in_client(acme, "ana@example.com")
    cache.clear()
    assert 'href="/contact/"' in ana.get("/").content.decode()

    staff_client().post(PAGE, build_form_data(visible_sections=["details"]))

    assert 'href="/contact/"' not in ana.get("/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"contact_email": "x"},
        {"contact_email": f"x@{'long.' * 60}example"},
        {"contact_phone": "call me"},
        {"languages": []},
        {"languages": ["tlh"]},
        {"visible_sections": ["everything"]},
        {"welcome": "x" * 401},
    ],
)
def test_invalid_values_are_refused_and_change_nothing(acme, staff_client, wrong):
    answer = staff_client().post(PAGE, build_form_data(**wrong))

    assert answer.status_code == 422
    assert "text-error" in answer.content.decode()
    assert load_timeline_entries(acme) == []


@pytest.mark.parametrize(("colour", "word"), [("#ffe680", "so we use a darker shade"), ("#0f766e", "stays readable")])
def test_the_contrast_check_shows_the_ratio_of_a_colour(acme, staff_client, colour, word):
    answer = staff_client().get(f"{PAGE}contrast/", {"colour": colour}).content.decode()

    assert word in answer
    assert f'data-brand="{colour}"' in answer


def test_sign_in_settings_are_saved(acme, staff_client, portal_client):
    choice = {"resend_wait": "5", "default_channel": "sms", "sms_countries": ["DE", "AT"]}

    assert staff_client().post(SIGN_IN, choice).status_code == 302

    saved = load_portal_settings(acme)
    assert (saved.resend_wait, saved.default_channel) == (timedelta(minutes=5), "sms")
    assert saved.sms_countries == ["AT", "DE"]
    assert "Wait 5 minutes" in portal_client(acme).get("/sign-in/help/").content.decode()
    [entry] = load_timeline_entries(acme)
    assert entry.data["after"] == {
        "resend_wait": 300,
        "default_channel": "sms",
        "sms_countries": ["AT", "DE"],
        "code_in_subject": False,
    }


def test_the_code_is_kept_out_of_the_subject_if_the_business_wants_that(acme, staff_client):
    choice = {"resend_wait": "3", "default_channel": "email", "sms_countries": DEFAULT_SMS_COUNTRIES}
    assert load_portal_settings(acme).code_in_subject

    staff_client().post(SIGN_IN, choice)
    assert not load_portal_settings(acme).code_in_subject
    page = staff_client().get(SIGN_IN).content.decode()
    staff_client().post(SIGN_IN, choice | {"code_in_subject": "on"})

    assert load_portal_settings(acme).code_in_subject
    assert "Phones show the subject on the lock screen" in page
    changes = [present_entry(entry).changes for entry in load_timeline_entries(acme)]
    texts = [(change.field, change.before, change.after) for one in changes for change in one]
    label = "Show the code in the subject of the email"
    assert {(label, "yes", "no"), (label, "no", "yes")} <= set(texts)


def test_the_sample_for_it_departments_has_the_subject_that_clients_get(acme, portal_client):
    card = "/sign-in/allow-list/"
    assert "Subject: 123456 is your sign-in code" in portal_client(acme).get(card).content.decode()

    with use_business(acme):
        PortalSettings.objects.update(code_in_subject=False)
    cache.clear()

    assert "Subject: Your sign-in code for Acme" in portal_client(acme).get(card).content.decode()


def test_the_default_list_of_countries_is_stored_as_an_empty_list(acme, staff_client):
    staff_client().post(
        SIGN_IN, {"resend_wait": "3", "default_channel": "email", "sms_countries": DEFAULT_SMS_COUNTRIES}
    )

    assert load_portal_settings(acme).sms_countries == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"resend_wait": "0"},
        {"resend_wait": "6"},
        {"resend_wait": "x"},
        {"default_channel": "fax"},
        {"sms_countries": []},
        {"sms_countries": ["XX"]},
    ],
)
def test_invalid_sign_in_settings_are_refused(acme, staff_client, wrong):
    right = {"resend_wait": "3", "default_channel": "email", "sms_countries": ["DE"]}

    assert staff_client().post(SIGN_IN, right | wrong).status_code == 422
    assert load_timeline_entries(acme) == []
