"""Does everything work where no script runs?"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA, FAMILY, NO_CODE

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visit, place):
    """A browser that runs no scripts."""
    return visit(place, java_script_enabled=False)


def test_signing_in_with_a_wrong_turn_and_a_second_code(plain):
    plain.ask(ANA)
    plain.answer(NO_CODE)
    expect(plain.page.get_by_role("alert")).to_contain_text("isn't right")
    expect(plain.page.get_by_text("A new code can be sent at")).to_be_visible()
    plain.press("Resend code")
    expect(plain.page.get_by_role("alert")).to_contain_text("can't be sent yet")

    plain.place.age(timedelta(minutes=3))
    plain.open("/sign-in/")
    plain.press("Resend code")
    plain.answer(plain.fetch_code(ANA))

    expect(plain.page.get_by_role("heading", level=1)).to_contain_text("Ana")
    plain.follow("Your details")
    plain.press("Deutsch")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Ihre Daten")
    plain.press("Abmelden")
    plain.page.wait_for_url("**/sign-in/")


def test_choosing_among_those_who_share_a_mailbox(plain):
    plain.ask(FAMILY)
    plain.answer(plain.fetch_code(FAMILY))
    plain.press("Jonas Brandt")

    expect(plain.page.get_by_role("heading", level=1)).to_contain_text("Jonas")


def test_changing_an_address(plain):
    new = "ana.pereira@example.org"
    plain.resume_session()
    plain.open("/profile/")
    plain.follow(f"Change {ANA}")
    plain.page.get_by_label("Email address").fill(new)
    plain.press("Send me a code")
    plain.code_field.fill(plain.fetch_code(new))
    plain.press("Confirm")

    expect(plain.page.get_by_text(new).first).to_be_visible()
