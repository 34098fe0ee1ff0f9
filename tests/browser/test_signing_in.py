"""Every way to sign in to the portal with a browser."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.pages import ANA, BO, FAMILY, MOBILE, UNKNOWN_EMAIL, WRONG_CODE
from tests.faults.cluster import wait_until

pytestmark = pytest.mark.browser


def test_a_code_by_mail_is_typed(ana):
    ana.open("/")
    assert ana.path == "/sign-in/"

    ana.request_code(ANA)
    assert ana.heading == "Enter your code"
    ana.code_field.press_sequentially(ana.fetch_code(ANA))
    ana.click_button("Sign in")

    ana.page.wait_for_url(ana.portal.url + "/")
    assert ana.heading.endswith(", Ana")


def test_a_code_is_pasted_as_mail_programs_copy_it(open_browser, portal):
    user = open_browser(portal, permissions=["clipboard-read", "clipboard-write"])
    user.request_code(ANA)
    code = user.fetch_code(ANA)
    user.page.evaluate("text => navigator.clipboard.writeText(text)", f" {code[:3]}\u00a0{code[3:]} \n")

    user.code_field.press("Control+V")
    user.code_field.press("Enter")

    user.page.wait_for_url(portal.url + "/")


def test_a_code_by_text_ends_with_the_line_that_phones_fill_in_from(ana, outbox):
    ana.request_code("+44 7700 900101")
    assert "by text message" in ana.text
    code = ana.fetch_code(MOBILE)
    assert outbox.sent(MOBILE)[-1]["text"].endswith(f"@{ana.portal.host} #{code}")

    ana.enter_code(code)

    ana.page.wait_for_url(ana.portal.url + "/")


def test_a_code_can_be_texted_instead(ana):
    ana.request_code(ANA)
    ana.click_button("Text me the code instead")
    expect(ana.page.get_by_text("by text message")).to_be_visible()

    ana.enter_code(ana.fetch_code(MOBILE))

    ana.page.wait_for_url(ana.portal.url + "/")


def test_the_offer_of_a_text_does_not_reveal_who_has_a_mobile(open_browser, portal, outbox):
    pages = []
    for identifier in (ANA, BO, UNKNOWN_EMAIL):
        user = open_browser(portal)
        user.request_code(identifier)
        user.click_button("Text me the code instead")
        expect(user.page.get_by_text("by text message")).to_be_visible()
        pages.append(user.text.split("It is valid for")[1].split("No code yet?")[0])
    outbox.deliver_due()

    assert len(set(pages)) == 1
    assert {message["to"] for message in outbox.sent()} == {ANA, MOBILE, BO}


@pytest.mark.parametrize("language", ["en", "de"])
def test_where_texts_come_first_the_page_names_the_way_out(create_portal, open_browser, language):
    portal = create_portal(default_channel="sms", languages=[language])
    user = open_browser(portal)
    user.open("/sign-in/")
    user.page.get_by_role("textbox").fill(UNKNOWN_EMAIL)
    user.page.get_by_role("textbox").press("Enter")
    user.page.wait_for_url("**/code/")

    sentence = {
        "en": "by text message, or by email if we have no mobile number for you",
        "de": "per SMS gesendet, oder per E-Mail, wenn wir keine Mobilnummer von Ihnen haben",
    }
    assert sentence[language] in user.text


def test_a_wrong_code_is_said_and_the_right_one_still_works(ana):
    ana.request_code(ANA)
    ana.enter_code(WRONG_CODE)
    expect(ana.page.get_by_role("alert")).to_contain_text("That code isn't right")
    expect(ana.code_field).to_have_accessible_description(
        "That code isn't right. Check the latest message from us and try again. You have 4 attempts left."
    )

    ana.enter_code(ana.fetch_code(ANA))

    ana.page.wait_for_url(ana.portal.url + "/")


def test_closing_the_tab_loses_nothing(ana):
    ana.request_code(ANA)
    ana.page.close()
    ana.page = ana.context.new_page()

    ana.open("/")

    assert ana.heading == "Enter your code"
    ana.enter_code(ana.fetch_code(ANA))
    ana.page.wait_for_url(ana.portal.url + "/")


def test_people_who_share_a_mailbox_choose_who_they_are_and_stay_signed_in(open_browser, portal):
    mia = open_browser(portal)
    mia.request_code(FAMILY)
    mia.page.get_by_label("Keep me signed in").check()
    mia.enter_code(mia.fetch_code(FAMILY))
    assert mia.heading == "Who is signing in?"

    mia.click_button("Mia Brandt")

    expect(mia.page.get_by_role("heading", level=1)).to_contain_text("Mia")
    assert mia.session_cookie["expires"] > 0


def test_keeping_signed_in_outlives_the_browser_and_nothing_else_does(open_browser, portal):
    remembered, temporary = open_browser(portal), open_browser(portal)
    remembered.request_code(ANA)
    remembered.page.get_by_label("Keep me signed in").check()
    remembered.enter_code(remembered.fetch_code(ANA))
    remembered.page.wait_for_url(portal.url + "/")
    temporary.sign_in(ANA)

    ends_at = remembered.session_cookie["expires"] - timezone.now().timestamp()
    assert timedelta(seconds=ends_at) > settings.REMEMBER_ME_LIFETIME - timedelta(minutes=5)
    assert temporary.session_cookie["expires"] == -1


def test_signing_out_ends_the_session_for_an_old_cookie_too(ana):
    ana.sign_in(ANA)
    key = ana.session_cookie
    ana.click_button("Sign out")
    ana.page.wait_for_url("**/sign-in/")

    assert ana.session_cookie is None

    ana.context.add_cookies([key])
    ana.open("/account/")

    assert ana.path == "/sign-in/"


def test_somebody_unknown_sees_the_same_pages_and_the_way_in(open_browser, portal, outbox):
    stranger, ana = open_browser(portal), open_browser(portal)
    stranger.request_code(UNKNOWN_EMAIL)
    ana.request_code(ANA)
    outbox.deliver_due()

    assert mask_variable_parts(stranger.text) == mask_variable_parts(ana.text)
    assert "New here?" in stranger.text
    assert [message["to"] for message in outbox.sent()] == [ANA]


def mask_variable_parts(text: str) -> str:
    """Return a page's text without the address that was typed and the seconds that passed."""
    return re.sub(r"\S•••@\S+|\d:\d\d", "…", text)


def test_a_second_press_sends_nothing_twice(ana, outbox):
    held_requests = []
    ana.open("/sign-in/")
    ana.page.route("**/sign-in/", lambda route: held_requests.append(route))
    # Said last of all, when every other listener has had its say.
    ana.page.evaluate("addEventListener('submit', (event) => console.log(`prevented: ${event.defaultPrevented}`))")
    ana.page.get_by_label("Email address or mobile number").fill(ANA)
    for is_prevented in ("false", "true"):
        with ana.page.expect_console_message() as logged:
            ana.page.keyboard.press("Enter")
        assert logged.value.text == f"prevented: {is_prevented}"

    # A question to the browser brings what it has to report; the page itself has no answers while it is being left.
    wait_until(lambda: ana.context.cookies() is not None and held_requests, what="a form on its way")
    with ana.page.expect_navigation(url="**/code/"):
        held_requests[0].continue_()
    outbox.deliver_due()
    assert (len(held_requests), len(outbox.sent(ANA))) == (1, 1)


def test_an_attack_makes_an_unknown_browser_wait_and_then_lets_it_in_by_itself(ana):
    ana.portal.start_attack_mode(until=timezone.now() + timedelta(hours=1))
    # The page's clock stands still until we have looked at it.
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    ana.request_code(ANA)
    assert ana.heading == "One moment, please"

    ana.page.clock.resume()
    ana.page.wait_for_url("**/code/")

    ana.page.get_by_label("Your 8-digit code").fill(ana.fetch_code(ANA))
    ana.click_button("Sign in")
    ana.page.wait_for_url(ana.portal.url + "/")


def test_a_language_is_chosen_before_and_kept_after_signing_in(ana):
    ana.open("/sign-in/")
    ana.click_button("Deutsch")
    expect(ana.page.locator("html")).to_have_attribute("lang", "de")
    assert ana.heading == "Anmelden"

    ana.page.get_by_role("textbox").fill(ANA)
    ana.click_button("Code senden")
    ana.page.get_by_role("textbox").fill(ana.fetch_code(ANA))
    ana.click_button("Anmelden")

    expect(ana.page.get_by_role("button", name="Abmelden")).to_be_visible()
    ana.click_button("English")
    expect(ana.page.get_by_role("button", name="Sign out")).to_be_visible()
