"""U7: a business's name, colour and texts can't inject script, style or header lines."""

import pytest

from portal.branding.models import PortalSettings
from portal.messaging.message_templates.forms import clean_template_text
from tenants.context import use_business
from tenants.models import Business, Invitation
from tenants.validators import InvalidBusiness, validate_email_address
from tests.factories import ClientFactory
from tests.portal.branding.test_settings_pages import PAGE, build_form_data

SCRIPT = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "colour",
    [
        "",
        "red",
        "#fff",
        "#0f766",
        "#0f766g",
        "#0f766e;}",
        "url(//evil.example)",
        "#0f766e}body{display:none",
        "#0F766E\n;",
    ],
)
def test_an_invalid_colour_is_refused(acme, staff_client, portal_client, colour):
    before = portal_client(acme).get("/theme.css").content

    assert staff_client().post(PAGE, build_form_data(colour=colour)).status_code == 422
    assert portal_client(acme).get("/theme.css").content == before


@pytest.mark.parametrize("colour", ["red;}", "url(x)", "<script>", ""])
def test_the_live_check_of_a_colour_echoes_nothing(acme, staff_client, colour):
    answer = staff_client().get(f"{PAGE}contrast/", {"colour": colour}).content.decode()

    assert "data-brand" not in answer
    assert "<script" not in answer


@pytest.mark.parametrize("field", ["name", "welcome", "postal_address"])
def test_markup_in_texts_is_escaped_on_every_page(acme, staff_client, portal_client, field):
    browser = staff_client()
    assert browser.post(PAGE, build_form_data(**{field: SCRIPT})).status_code == 302

    for answer in (
        browser.get(PAGE),
        browser.get("/console/acme/portal/"),
        portal_client(acme).get("/sign-in/"),
        portal_client(acme).get("/nothing/"),
    ):
        assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["Acme\r\nBcc: victim@example.com", "Acme\nX", "Acme\x00", "Acme\u2028X", "Acme\x1b[2J"]
)
def test_a_name_of_several_lines_becomes_one_line(acme, staff_client, name):
    assert staff_client().post(PAGE, build_form_data(name=name)).status_code == 302
    assert Business.objects.get(pk=acme.pk).name in {"Acme Bcc: victim@example.com", "Acme X", "Acme", "Acme[2J"}


INVISIBLE_CHARACTERS = ["\u202e", "\u202d", "\u2066", "\u200b", "\u200f", "\ufeff", "\u2060", "\u00ad", "\x07"]


@pytest.mark.parametrize("sign", INVISIBLE_CHARACTERS)
def test_invisible_characters_are_stripped_from_single_line_fields(acme, staff_client, sign):
    typed = build_form_data(name=f"Ac{sign}me", postal_address=f"Main{sign} Street 1")

    assert staff_client().post(PAGE, typed).status_code == 302

    with use_business(acme):
        address = PortalSettings.objects.get().postal_address
    assert (Business.objects.get(pk=acme.pk).name, address) == ("Acme", "Main Street 1")


@pytest.mark.parametrize("sign", INVISIBLE_CHARACTERS)
def test_a_name_that_nobody_can_see_is_refused(acme, staff_client, sign):
    assert staff_client().post(PAGE, build_form_data(name=f" {sign}\u3164")).status_code == 422
    assert Business.objects.get(pk=acme.pk).name == "Acme Physiotherapy"


def test_invisible_characters_are_stripped_from_multiline_texts(acme, staff_client):
    text = "Hello\u202e\u200b you,\n\nsee us \U0001f468\u200d\U0001f469\u200d\U0001f466."

    assert staff_client().post(PAGE, build_form_data(welcome=text)).status_code == 302

    with use_business(acme):
        welcome = PortalSettings.objects.get().welcome
    assert welcome.replace("\r", "") == "Hello you,\n\nsee us \U0001f468\u200d\U0001f469\u200d\U0001f466."


def test_invisible_characters_are_stripped_from_message_templates():
    assert clean_template_text("Dear\u202e\u200b {business},\nhello", kind="new-message") == "Dear {business},\nhello"


@pytest.mark.parametrize("sign", INVISIBLE_CHARACTERS)
def test_an_invitation_to_an_address_with_invisible_characters_is_refused(acme, staff_client, sign):
    for email in (f"kim@exa{sign}mple.com", f"ki{sign}m@example.com"):
        form = {"email": email, "role": "staff"}
        assert staff_client().post("/console/acme/settings/team/invitations/", form).status_code == 422
        with pytest.raises(InvalidBusiness):
            validate_email_address(email)
    assert not Invitation.objects.exists()


def test_a_stored_name_with_line_breaks_adds_no_mail_header(acme, open_visitor, outbox):
    Business.objects.filter(pk=acme.pk).update(name="Acme\r\nBcc: victim@example.com")
    with use_business(acme):
        ClientFactory(email="ana@example.com")
    open_visitor(acme).request_code("ana@example.com")
    outbox.deliver_due()

    [mail] = outbox.sent()
    assert "\n" not in mail["subject"]
    assert mail["to"] == "ana@example.com"


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "data:text/html,x", "//evil.example\r\nx", "file:///etc/passwd"]
)
def test_a_website_is_a_web_address(acme, staff_client, website):
    assert staff_client().post(PAGE, build_form_data(website=website)).status_code == 422
