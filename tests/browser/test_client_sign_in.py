"""Every way to sign in to the portal with a browser."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.page_states import ANA, BO, FAMILY, MOBILE, UNKNOWN_EMAIL, WRONG_CODE
from tests.browser.portal.client_sign_in_pages import AccountChooserPage, ClientSignInPage
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.browser


def test_an_emailed_code_signs_the_client_in(ana):
    ana.open("/")
    assert ana.url_path == "/sign-in/"

    code_page = ana.request_code(ANA)
    expect(ana.main_heading).to_have_text("Enter your code")
    code_page.code_field.press_sequentially(ana.fetch_code(ANA))
    ana.click_button("Sign in")

    ana.wait_for_home_page()
    assert ana.main_heading.inner_text().endswith(", Ana")


def test_a_pasted_code_may_contain_spaces(open_portal_browser, portal):
    user = open_portal_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    code_page = user.request_code(ANA)
    code = user.fetch_code(ANA)
    user.page.evaluate("text => navigator.clipboard.writeText(text)", f" {code[:3]}\u00a0{code[3:]} \n")

    code_page.paste_code()

    user.wait_for_home_page()


def test_a_texted_code_ends_with_the_autofill_line_for_phones(ana, outbox):
    ana.request_code("+44 7700 900101")
    assert "by text message" in ana.main_text
    code = ana.fetch_code(MOBILE)
    assert outbox.sent(MOBILE)[-1]["text"].endswith(f"@{ana.portal.host} #{code}")

    ana.enter_code(code)

    ana.wait_for_home_page()


def test_a_code_can_be_texted_instead(ana):
    ana.request_code(ANA).request_text_message()
    expect(ana.locate_text("by text message")).to_be_visible()

    ana.enter_code(ana.fetch_code(MOBILE))

    ana.wait_for_home_page()


def test_offering_a_text_message_does_not_reveal_who_has_a_mobile_number(open_portal_browser, portal, outbox):
    pages = []
    for identifier in (ANA, BO, UNKNOWN_EMAIL):
        user = open_portal_browser(portal)
        user.request_code(identifier).request_text_message()
        expect(user.locate_text("by text message")).to_be_visible()
        pages.append(user.main_text.split("It is valid for")[1].split("No code yet?")[0])
    outbox.deliver_due()

    assert len(set(pages)) == 1
    assert {message["to"] for message in outbox.sent()} == {ANA, MOBILE, BO}


@pytest.mark.parametrize("language", ["en", "de"])
def test_code_page_mentions_the_email_fallback_where_texts_are_the_default(
    create_portal, open_portal_browser, language
):
    portal = create_portal(default_channel="sms", languages=[language])
    user = open_portal_browser(portal)
    ClientSignInPage.open(user)
    user.text_field.fill(UNKNOWN_EMAIL)
    user.text_field.press("Enter")
    user.page.wait_for_url("**/code/")

    sentence = {
        "en": "by text message, or by email if we have no mobile number for you",
        "de": "per SMS gesendet, oder per E-Mail, wenn wir keine Mobilnummer von Ihnen haben",
    }
    assert sentence[language] in user.main_text


def test_the_right_code_works_after_a_wrong_one(ana):
    code_page = ana.request_code(ANA)
    code_page.enter_code(WRONG_CODE)
    expect(ana.alert).to_contain_text("That code isn’t right")
    expect(code_page.code_field).to_have_accessible_description(
        "That code isn’t right. Check the latest message from us and try again. You have 4 attempts left."
    )

    ana.enter_code(ana.fetch_code(ANA))

    ana.wait_for_home_page()


def test_a_challenge_survives_closing_the_tab(ana):
    ana.request_code(ANA)
    ana.page.close()
    ana.page = ana.context.new_page()

    ana.open("/")

    expect(ana.main_heading).to_have_text("Enter your code")
    ana.enter_code(ana.fetch_code(ANA))
    ana.wait_for_home_page()


def test_clients_who_share_a_mailbox_choose_an_account_and_stay_signed_in(open_portal_browser, portal):
    mia = open_portal_browser(portal)
    code_page = mia.request_code(FAMILY)
    code_page.keep_signed_in_checkbox.check()
    code_page.enter_code(mia.fetch_code(FAMILY))
    expect(mia.main_heading).to_have_text("Who is signing in?")

    AccountChooserPage(mia).choose_account("Mia Brandt")

    expect(mia.main_heading).to_contain_text("Mia")
    assert mia.session_cookie["expires"] > 0


def test_only_keep_me_signed_in_gives_the_session_cookie_a_lifetime(open_portal_browser, portal):
    remembered, temporary = open_portal_browser(portal), open_portal_browser(portal)
    code_page = remembered.request_code(ANA)
    code_page.keep_signed_in_checkbox.check()
    code_page.enter_code(remembered.fetch_code(ANA))
    remembered.wait_for_home_page()
    temporary.sign_in(ANA)

    ends_at = remembered.session_cookie["expires"] - timezone.now().timestamp()
    assert timedelta(seconds=ends_at) > settings.REMEMBER_ME_LIFETIME - timedelta(minutes=5)
    assert temporary.session_cookie["expires"] == -1


def test_signing_out_revokes_the_session_of_an_old_cookie(ana):
    ana.sign_in(ANA)
    old_cookie = ana.session_cookie
    ana.click_button("Sign out")
    ana.page.wait_for_url("**/sign-in/")

    assert ana.session_cookie is None

    ana.context.add_cookies([old_cookie])
    ana.open("/account/")

    assert ana.url_path == "/sign-in/"


def test_an_unknown_address_sees_the_same_code_page(open_portal_browser, portal, outbox):
    stranger, ana = open_portal_browser(portal), open_portal_browser(portal)
    stranger.request_code(UNKNOWN_EMAIL)
    ana.request_code(ANA)
    outbox.deliver_due()

    assert mask_variable_parts(stranger.main_text) == mask_variable_parts(ana.main_text)
    assert "New here?" in stranger.main_text
    assert [message["to"] for message in outbox.sent()] == [ANA]


def mask_variable_parts(text: str) -> str:
    """Return a page's text without the address that was typed and the seconds that passed."""
    return re.sub(r"\S•••@\S+|\d:\d\d", "…", text)


def test_submitting_twice_sends_one_code(ana, outbox):
    held_requests = []
    sign_in_page = ClientSignInPage.open(ana)
    ana.page.route("**/sign-in/", lambda route: held_requests.append(route))
    # This listener is the last one, so that it sees what the others have prevented.
    ana.page.evaluate("addEventListener('submit', (event) => console.log(`prevented: ${event.defaultPrevented}`))")
    sign_in_page.identifier_field.fill(ANA)
    for is_prevented in ("false", "true"):
        with ana.page.expect_console_message() as logged:
            ana.page.keyboard.press("Enter")
        assert logged.value.text == f"prevented: {is_prevented}"

    # Reading cookies lets the browser report the request; the page itself does not answer while it is being left.
    wait_until(lambda: ana.context.cookies() is not None and held_requests, what="a form on its way")
    with ana.page.expect_navigation(url="**/code/"):
        held_requests[0].continue_()
    outbox.deliver_due()
    assert (len(held_requests), len(outbox.sent(ANA))) == (1, 1)


def test_attack_mode_delays_an_unknown_browser_and_then_continues(ana):
    ana.portal.start_attack_mode(until=timezone.now() + timedelta(hours=1))
    # The page's clock stands still until we have looked at it.
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    code_page = ana.request_code(ANA)
    expect(ana.main_heading).to_have_text("One moment, please")

    ana.page.clock.resume()
    ana.page.wait_for_url("**/code/")

    expect(code_page.code_field).to_have_accessible_name("Your 8-digit code")
    code_page.enter_code(ana.fetch_code(ANA))
    ana.wait_for_home_page()


def test_the_language_chosen_on_the_sign_in_page_is_kept(ana):
    ClientSignInPage.open(ana)
    ana.click_button("Deutsch")
    expect(ana.html_element).to_have_attribute("lang", "de")
    expect(ana.main_heading).to_have_text("Anmelden")

    ana.text_field.fill(ANA)
    ana.click_button("Code senden")
    ana.text_field.fill(ana.fetch_code(ANA))
    ana.click_button("Anmelden")

    expect(ana.locate_button("Abmelden")).to_be_visible()
    ana.click_button("English")
    expect(ana.sign_out_button).to_be_visible()
