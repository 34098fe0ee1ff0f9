"""Can everybody use every page: by eye and by ear, by day and by night, on a small phone, at four times the size?"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A mail is read inside another page, which has the landmarks that good practice asks for.
GOOD_PRACTICE = {name: name != "mail" for name in PAGES}
# 1280 by 1024 pixels at 400 % are 320 by 256, which is also as narrow as phones get.
SIZES = [(320, 256), (1440, 900)]
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
axe = Axe()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(name, place, visit):
    visitor = visit(place, reduced_motion="reduce")
    PAGES[name](visitor)
    rules = RULES + ["best-practice"] * GOOD_PRACTICE[name]

    for width, height in SIZES:
        visitor.page.set_viewport_size({"width": width, "height": height})
        assert visitor.page.evaluate(TOO_WIDE) == 0, f"wider than {width} pixels"
        for scheme in ("light", "dark"):
            visitor.look_by(scheme)
            found = axe.run(visitor.page, options={"runOnly": {"type": "tag", "values": rules}})
            assert found.violations_count == 0, f"{scheme}, {width} pixels\n{found.generate_report()}"
