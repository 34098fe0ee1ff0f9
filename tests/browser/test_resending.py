"""When does a further code come, and what does the page do meanwhile?"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ANA

pytestmark = pytest.mark.browser

WATCH_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture(params=[(360, 780), (1440, 900)], ids=["phone", "desk"])
def waiting(visit, place, request):
    """A browser with a clock of its own, on the code page."""
    visitor = visit(place, size=request.param)
    visitor.page.clock.install(time=0)
    visitor.page.clock.pause_at(1000)
    visitor.context.add_init_script(WATCH_SHIFTS)
    visitor.ask(ANA)
    return visitor


def test_the_button_counts_down_and_opens_without_moving_the_page(waiting, outbox):
    resend = waiting.page.get_by_role("button", name="Resend code")
    expect(waiting.page.get_by_text(re.compile(r"A new code can be sent in (3:00|2:\d\d)"))).to_be_visible()
    first = waiting.fetch_code(ANA)
    sent = []
    waiting.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    # A mouse passes over a button that waits; a key would press it.
    resend.press("Enter")

    waiting.let_pass(minutes=3)
    expect(waiting.page.get_by_text("You can ask for a new code now.")).to_be_visible()
    assert waiting.page.evaluate("window.shifted") < 0.01
    resend.click()

    expect(waiting.page.get_by_text("A new code can be sent in")).to_be_visible()
    assert sent == [waiting.place.url + "/sign-in/resend/"]
    assert len({first, waiting.fetch_code(ANA)}) == len(outbox.sent(ANA)) == 2
    # The code before still works: late mail is the rule.
    waiting.answer(first)
    waiting.page.wait_for_url(waiting.place.url + "/")


def test_after_three_codes_there_are_no_more_buttons_and_the_newest_works(ana):
    ana.page.clock.install(time=0)
    ana.page.clock.pause_at(1000)
    ana.ask(ANA)
    for _again in range(2):
        ana.let_pass(minutes=3)
        ana.press("Resend code")
        expect(ana.page.get_by_text("You can ask for a new code now.")).to_have_count(0)

    expect(ana.page.get_by_role("button", name="Resend code")).to_have_count(0)
    assert "The newest two still work" in ana.text
    ana.answer(ana.fetch_code(ANA))
    ana.page.wait_for_url(ana.place.url + "/")
