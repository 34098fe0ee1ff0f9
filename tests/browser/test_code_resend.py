"""When a client can have another code sent, and what the page shows meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import ANA
from tests.browser.portal.client_sign_in_pages import SignInCodePage

pytestmark = pytest.mark.browser

RECORD_LAYOUT_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture(params=[(360, 780), (1440, 900)], ids=["phone", "desk"])
def code_page(open_portal_browser, portal, request) -> SignInCodePage:
    """The code page in a browser whose clock stands still."""
    user = open_portal_browser(portal, size=request.param)
    user.page.clock.install(time=0)
    user.page.clock.pause_at(1000)
    user.context.add_init_script(RECORD_LAYOUT_SHIFTS)
    return user.request_code(ANA)


def test_resend_button_is_enabled_after_the_countdown_without_layout_shift(code_page, outbox):
    user = code_page.user
    expect(user.locate_text(re.compile(r"You can request a new code in (3:00|2:\d\d)"))).to_be_visible()
    first_code = user.fetch_code(ANA)
    posted_urls = []
    user.page.on("request", lambda request: request.method == "POST" and posted_urls.append(request.url))
    # Playwright's click would wait until the button is enabled; a key is pressed at once.
    code_page.resend_button.press("Enter")

    user.advance_time(minutes=3)
    expect(user.locate_text("You can request a new code now.")).to_be_visible()
    assert user.page.evaluate("window.shifted") < 0.01
    code_page.resend_button.click()

    expect(user.locate_text("You can request a new code in")).to_be_visible()
    assert posted_urls == [user.portal.url + "/sign-in/resend/"]
    assert len({first_code, user.fetch_code(ANA)}) == len(outbox.sent(ANA)) == 2
    # The code before still works: late mail is the rule.
    code_page.enter_code(first_code)
    user.wait_for_home_page()


def test_three_codes_can_be_sent_per_challenge_and_the_newest_works(ana):
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    code_page = ana.request_code(ANA)
    for _resend in range(2):
        ana.advance_time(minutes=3)
        code_page.resend_code()
        expect(ana.locate_text("You can request a new code now.")).to_have_count(0)

    expect(code_page.resend_button).to_have_count(0)
    assert "The last two still work" in ana.main_text
    code_page.enter_code(ana.fetch_code(ANA))
    ana.wait_for_home_page()
