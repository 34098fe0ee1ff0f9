"""What does a page weigh on its way to a phone, everything included?"""

import pytest

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

LIMITS = {"sign-in": 40_000} | dict.fromkeys(
    ["contact form", "code", "who", "help", "allow-list", "home", "details", "devices", "messages"], 50_000
)


@pytest.mark.parametrize("name", LIMITS)
def test_a_first_visit_is_light(name, visit, place):
    visitor = visit(place, size=(360, 780))
    PAGES[name](visitor)
    sizes = {}

    weigh(visitor, sizes)

    print(f"{name}: {sum(sizes.values())} bytes")
    assert sum(sizes.values()) < LIMITS[name], sizes
    # Page, style sheet and colours at least: an empty scale proves nothing.
    assert len(sizes) >= 3


def weigh(visitor, sizes: dict[str, int]) -> None:
    """Load the page as if for the first time and note the bytes of every answer, headers included."""
    line = visitor.context.new_cdp_session(visitor.page)
    urls = {}

    def weighed(event) -> None:
        # What was still on its way when we began to listen belongs to the visit before.
        if event["requestId"] in urls:
            sizes[urls[event["requestId"]]] = event["encodedDataLength"]

    line.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    line.on("Network.loadingFinished", weighed)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    visitor.page.reload(wait_until="networkidle")
