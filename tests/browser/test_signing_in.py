"""Can a person sign in with a browser, in every way there is?"""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.pages import ANA, BO, FAMILY, MOBILE, NO_CODE, STRANGER
from tests.faults.cluster import wait_until

pytestmark = pytest.mark.browser


def test_a_code_by_mail_is_typed(ana):
    ana.open("/")
    assert ana.path == "/sign-in/"

    ana.ask(ANA)
    assert ana.heading == "Enter your code"
    ana.code_field.press_sequentially(ana.fetch_code(ANA))
    ana.press("Sign in")

    ana.page.wait_for_url(ana.place.url + "/")
    assert ana.heading.endswith(", Ana")


def test_a_code_is_pasted_as_mail_programs_copy_it(visit, place):
    visitor = visit(place, permissions=["clipboard-read", "clipboard-write"])
    visitor.ask(ANA)
    code = visitor.fetch_code(ANA)
    visitor.page.evaluate("text => navigator.clipboard.writeText(text)", f" {code[:3]}\u00a0{code[3:]} \n")

    visitor.code_field.press("Control+V")
    visitor.code_field.press("Enter")

    visitor.page.wait_for_url(place.url + "/")


def test_a_code_by_text_ends_with_the_line_that_phones_fill_in_from(ana, outbox):
    ana.ask("+44 7700 900101")
    assert "as a text message" in ana.text
    code = ana.fetch_code(MOBILE)
    assert outbox.sent(MOBILE)[-1]["text"].endswith(f"@{ana.place.host} #{code}")

    ana.answer(code)

    ana.page.wait_for_url(ana.place.url + "/")


def test_a_code_can_be_texted_instead(ana):
    ana.ask(ANA)
    ana.press("Text it to me instead")
    expect(ana.page.get_by_text("as a text message")).to_be_visible()

    ana.answer(ana.fetch_code(MOBILE))

    ana.page.wait_for_url(ana.place.url + "/")


def test_the_offer_of_a_text_tells_nobody_who_has_a_mobile(visit, place, outbox):
    pages = []
    for who in (ANA, BO, STRANGER):
        visitor = visit(place)
        visitor.ask(who)
        visitor.press("Text it to me instead")
        expect(visitor.page.get_by_text("as a text message")).to_be_visible()
        pages.append(visitor.text.split("It works for")[1].split("Nothing there yet?")[0])
    outbox.deliver_due()

    assert len(set(pages)) == 1
    assert {message["to"] for message in outbox.sent()} == {ANA, MOBILE, BO}


@pytest.mark.parametrize("language", ["en", "de"])
def test_where_texts_come_first_the_page_names_the_way_out(open_place, visit, language):
    place = open_place(default_channel="sms", languages=[language])
    visitor = visit(place)
    visitor.open("/sign-in/")
    visitor.page.get_by_role("textbox").fill(STRANGER)
    visitor.page.get_by_role("textbox").press("Enter")
    visitor.page.wait_for_url("**/code/")

    sentence = {
        "en": "as a text message, or by email if we have no mobile number for you",
        "de": "per SMS unterwegs, oder per E-Mail, wenn wir keine Mobilnummer von Ihnen haben",
    }
    assert sentence[language] in visitor.text


def test_a_wrong_code_is_said_and_the_right_one_still_works(ana):
    ana.ask(ANA)
    ana.answer(NO_CODE)
    expect(ana.page.get_by_role("alert")).to_contain_text("That code isn't right")
    expect(ana.code_field).to_have_accessible_description(
        "That code isn't right. Check the latest message from us and try again. You have 4 tries left."
    )

    ana.answer(ana.fetch_code(ANA))

    ana.page.wait_for_url(ana.place.url + "/")


def test_closing_the_tab_loses_nothing(ana):
    ana.ask(ANA)
    ana.page.close()
    ana.page = ana.context.new_page()

    ana.open("/")

    assert ana.heading == "Enter your code"
    ana.answer(ana.fetch_code(ANA))
    ana.page.wait_for_url(ana.place.url + "/")


def test_people_who_share_a_mailbox_choose_who_they_are_and_stay_signed_in(visit, place):
    mia = visit(place)
    mia.ask(FAMILY)
    mia.page.get_by_label("Keep me signed in").check()
    mia.answer(mia.fetch_code(FAMILY))
    assert mia.heading == "Who is signing in?"

    mia.press("Mia Brandt")

    expect(mia.page.get_by_role("heading", level=1)).to_contain_text("Mia")
    assert mia.session_cookie["expires"] > 0


def test_keeping_signed_in_outlives_the_browser_and_nothing_else_does(visit, place):
    kept, brief = visit(place), visit(place)
    kept.ask(ANA)
    kept.page.get_by_label("Keep me signed in").check()
    kept.answer(kept.fetch_code(ANA))
    kept.page.wait_for_url(place.url + "/")
    brief.sign_in(ANA)

    ends_at = kept.session_cookie["expires"] - timezone.now().timestamp()
    assert timedelta(seconds=ends_at) > settings.REMEMBER_ME_LIFETIME - timedelta(minutes=5)
    assert brief.session_cookie["expires"] == -1


def test_signing_out_closes_the_door_and_an_old_cookie_does_not_open_it(ana):
    ana.sign_in(ANA)
    key = ana.session_cookie
    ana.press("Sign out")
    ana.page.wait_for_url("**/sign-in/")

    assert ana.session_cookie is None

    ana.context.add_cookies([key])
    ana.open("/profile/")

    assert ana.path == "/sign-in/"


def test_somebody_unknown_sees_the_same_pages_and_the_way_in(visit, place, outbox):
    stranger, ana = visit(place), visit(place)
    stranger.ask(STRANGER)
    ana.ask(ANA)
    outbox.deliver_due()

    assert as_for_anybody(stranger.text) == as_for_anybody(ana.text)
    assert "New here?" in stranger.text
    assert [message["to"] for message in outbox.sent()] == [ANA]


def as_for_anybody(text: str) -> str:
    """Return a page's text without the address that was typed and the seconds that passed."""
    return re.sub(r"\S•••@\S+|\d:\d\d", "…", text)


def test_a_second_press_sends_nothing_twice(ana, outbox):
    held = []
    ana.open("/sign-in/")
    ana.page.route("**/sign-in/", lambda route: held.append(route))
    # Said last of all, when every other listener has had its say.
    ana.page.evaluate("addEventListener('submit', (event) => console.log(`prevented: ${event.defaultPrevented}`))")
    ana.page.get_by_label("Email address or mobile number").fill(ANA)
    for is_prevented in ("false", "true"):
        with ana.page.expect_console_message() as said:
            ana.page.keyboard.press("Enter")
        assert said.value.text == f"prevented: {is_prevented}"

    # A question to the browser brings what it has to report; the page itself has no answers while it is being left.
    wait_until(lambda: ana.context.cookies() is not None and held, what="a form on its way")
    with ana.page.expect_navigation(url="**/code/"):
        held[0].continue_()
    outbox.deliver_due()
    assert (len(held), len(outbox.sent(ANA))) == (1, 1)


def test_an_attack_makes_an_unknown_browser_wait_and_then_lets_it_in_by_itself(ana):
    ana.place.notice_attack(until=timezone.now() + timedelta(hours=1))
    # The page's clock stands still until we have looked at it.
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    ana.ask(ANA)
    assert ana.heading == "One moment, please"

    ana.page.clock.resume()
    ana.page.wait_for_url("**/code/")

    ana.page.get_by_label("Your 8-digit code").fill(ana.fetch_code(ANA))
    ana.press("Sign in")
    ana.page.wait_for_url(ana.place.url + "/")


def test_a_language_is_chosen_before_and_kept_after_signing_in(ana):
    ana.open("/sign-in/")
    ana.press("Deutsch")
    expect(ana.page.locator("html")).to_have_attribute("lang", "de")
    assert ana.heading == "Anmelden"

    ana.page.get_by_role("textbox").fill(ANA)
    ana.press("Code senden")
    ana.page.get_by_role("textbox").fill(ana.fetch_code(ANA))
    ana.press("Anmelden")

    expect(ana.page.get_by_role("button", name="Abmelden")).to_be_visible()
    ana.press("English")
    expect(ana.page.get_by_role("button", name="Sign out")).to_be_visible()
