"""When a client can have another code sent, and what the page shows meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA

pytestmark = pytest.mark.browser

RECORD_LAYOUT_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture(params=[(360, 780), (1440, 900)], ids=["phone", "desk"])
def code_page(open_browser, portal, request):
    """A browser with a clock of its own, on the code page."""
    user = open_browser(portal, size=request.param)
    user.page.clock.install(time=0)
    user.page.clock.pause_at(1000)
    user.context.add_init_script(RECORD_LAYOUT_SHIFTS)
    user.request_code(ANA)
    return user


def test_the_button_counts_down_and_opens_without_moving_the_page(code_page, outbox):
    resend = code_page.page.get_by_role("button", name="Resend code")
    expect(code_page.page.get_by_text(re.compile(r"You can request a new code in (3:00|2:\d\d)"))).to_be_visible()
    first = code_page.fetch_code(ANA)
    sent = []
    code_page.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    # A mouse passes over a button that waits; a key would press it.
    resend.press("Enter")

    code_page.advance_time(minutes=3)
    expect(code_page.page.get_by_text("You can request a new code now.")).to_be_visible()
    assert code_page.page.evaluate("window.shifted") < 0.01
    resend.click()

    expect(code_page.page.get_by_text("You can request a new code in")).to_be_visible()
    assert sent == [code_page.portal.url + "/sign-in/resend/"]
    assert len({first, code_page.fetch_code(ANA)}) == len(outbox.sent(ANA)) == 2
    # The code before still works: late mail is the rule.
    code_page.enter_code(first)
    code_page.page.wait_for_url(code_page.portal.url + "/")


def test_after_three_codes_there_are_no_more_buttons_and_the_newest_works(ana):
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    ana.request_code(ANA)
    for _again in range(2):
        ana.advance_time(minutes=3)
        ana.click_button("Resend code")
        expect(ana.page.get_by_text("You can request a new code now.")).to_have_count(0)

    expect(ana.page.get_by_role("button", name="Resend code")).to_have_count(0)
    assert "The last two still work" in ana.text
    ana.enter_code(ana.fetch_code(ANA))
    ana.page.wait_for_url(ana.portal.url + "/")
