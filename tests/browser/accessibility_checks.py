"""Checks a page for violations of WCAG and for sideways scrolling, at several sizes, in light and dark mode."""

from collections.abc import Iterable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.browser_user import BrowserUser

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RULES = (*WCAG, "best-practice")
# 1280 by 1024 pixels at 400 % are 320 by 256, which is also as narrow as phones get.
VIEWPORTS = ((320, 256), (1440, 900))
PHONE_AND_DESKTOP = ((360, 740), (1440, 900))
HORIZONTAL_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# axe reports violations only: to report what passes takes it longer than the checks.
AXE_RUN = "async (options) => (await axe.run({ resultTypes: ['violations'], ...options })).violations"


def find_accessibility_violations(
    user: BrowserUser, *, sizes: Iterable = VIEWPORTS, rules: Iterable[str] = RULES
) -> list[str]:
    """Return what is wrong with the page at hand at every size, in light and dark mode."""
    found = []
    for width, height in sizes:
        user.page.set_viewport_size({"width": width, "height": height})
        if user.page.evaluate(HORIZONTAL_OVERFLOW):
            found.append(f"{user.url_path}: wider than {width} pixels")
        for scheme in ("light", "dark"):
            user.emulate_colour_scheme(scheme)
            broken = run_axe(user.page, {"type": "tag", "values": list(rules)})
            found += [f"{user.url_path}, {width} pixels, {scheme}: {rule}" for rule in broken]
    return found


def run_axe(page: Page, rules: dict) -> list[str]:
    """Return each rule that axe finds broken on the current page, and where."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return [_format_violation(rule) for rule in page.evaluate(AXE_RUN, {"runOnly": rules})]


def _format_violation(rule: dict) -> str:
    nodes = [f"{node['html']}\n    {node['failureSummary']}" for node in rule["nodes"]]
    return f"{rule['id']}: {rule['help']}\n  " + "\n  ".join(nodes)
