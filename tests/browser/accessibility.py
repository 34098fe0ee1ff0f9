"""Checks a page for violations of WCAG and for sideways scrolling, at several sizes, in light and dark mode."""

from collections.abc import Iterable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.visitor import Visitor

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RULES = (*WCAG, "best-practice")
# 1280 by 1024 pixels at 400 % are 320 by 256, which is also as narrow as phones get.
SIZES = ((320, 256), (1440, 900))
PHONE_AND_DESK = ((360, 740), (1440, 900))
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of what axe finds in order nothing is asked back: that takes it longer than to look.
RUN = "async (options) => (await axe.run({ resultTypes: ['violations'], ...options })).violations"


def find_violations(visitor: Visitor, *, sizes: Iterable = SIZES, rules: Iterable[str] = RULES) -> list[str]:
    """Return what is wrong with the page at hand at every size, by day and by night."""
    found = []
    for width, height in sizes:
        visitor.page.set_viewport_size({"width": width, "height": height})
        if visitor.page.evaluate(TOO_WIDE):
            found.append(f"{visitor.path}: wider than {width} pixels")
        for scheme in ("light", "dark"):
            visitor.look_by(scheme)
            broken = run_axe(visitor.page, {"type": "tag", "values": list(rules)})
            found += [f"{visitor.path}, {width} pixels, {scheme}: {rule}" for rule in broken]
    return found


def run_axe(page: Page, rules: dict) -> list[str]:
    """Have axe judge the page as it stands: each rule that is broken, and where."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return [_in_words(rule) for rule in page.evaluate(RUN, {"runOnly": rules})]


def _in_words(rule: dict) -> str:
    places = [f"{node['html']}\n    {node['failureSummary']}" for node in rule["nodes"]]
    return f"{rule['id']}: {rule['help']}\n  " + "\n  ".join(places)
