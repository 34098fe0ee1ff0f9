"""Can staff walk in with a browser, by code and by passkey, and can everybody use their pages?"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.staff import SIGN_IN, give_authenticator, sign_in
from tests.browser.test_accessibility import RULES, SIZES, TOO_WIDE

pytestmark = pytest.mark.browser

PAGES = {
    "sign-in": SIGN_IN,
    "keys": "/staff/security/",
    "app": "/staff/security/app/",
    "passkey": "/staff/security/passkeys/add/",
    "devices": "/staff/sessions/",
    "home": "/console/{slug}/",
    "settings": "/console/{slug}/settings/",
    "team": "/console/{slug}/settings/team/",
}
axe = Axe()


def test_a_code_leads_in_and_a_passkey_does_from_then_on(sabine, place):
    sign_in(sabine)
    assert sabine.heading.startswith("Good")
    give_authenticator(sabine)

    sabine.open_platform("/staff/security/passkeys/add/")
    sabine.press("Add a passkey")
    expect(sabine.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sabine.press("Sign out")
    sabine.press("Sign in with a passkey")

    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")
    assert sabine.path.startswith("/console/")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_the_pages_of_staff(name, sabine, place):
    if name != "sign-in":
        sign_in(sabine)
    sabine.open_platform(PAGES[name].format(slug=place.host.partition(".")[0]))

    for width, height in SIZES:
        sabine.page.set_viewport_size({"width": width, "height": height})
        assert sabine.page.evaluate(TOO_WIDE) == 0, f"wider than {width} pixels"
        for scheme in ("light", "dark"):
            sabine.look_by(scheme)
            found = axe.run(sabine.page, options={"runOnly": {"type": "tag", "values": [*RULES, "best-practice"]}})
            assert found.violations_count == 0, f"{scheme}, {width} pixels\n{found.generate_report()}"


def test_the_menus_open_and_close_by_keyboard(sabine, place):
    sign_in(sabine)
    sabine.page.set_viewport_size({"width": 360, "height": 740})
    menu = sabine.page.get_by_role("button", name="Menu")

    menu.focus()
    sabine.page.keyboard.press("Enter")
    expect(sabine.page.get_by_role("link", name="Settings")).to_be_visible()
    sabine.page.keyboard.press("Escape")

    expect(sabine.page.get_by_role("link", name="Settings")).to_be_hidden()
    expect(menu).to_be_focused()
