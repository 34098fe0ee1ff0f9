"""The checks that every page has to pass fail for a page with faults."""

import pytest

from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.page_weight import measure_weight
from tests.browser.tab_order_check import find_missed_tab_stops

pytestmark = pytest.mark.browser

STYLE = """
main { width: 1500px }
h1 { color: #777; background: #888 }
@media (prefers-color-scheme: light) { p { color: #eee; background: #fff } }
:focus { outline: none !important }
"""


def test_a_page_with_faults_fails_every_check(open_portal_browser, portal):
    ana = open_portal_browser(portal, bypass_csp=True)
    ana.open("/sign-in/")
    assert find_accessibility_violations(ana) == []
    assert find_missed_tab_stops(ana) == []
    ana.page.add_style_tag(content=STYLE)
    ana.page.evaluate("document.documentElement.removeAttribute('lang')")
    ana.page.evaluate("document.querySelector('a').tabIndex = 1, document.querySelector('button').tabIndex = -1")

    found = "\n".join(find_accessibility_violations(ana))
    for size, scheme in [(320, "light"), (320, "dark"), (1440, "light"), (1440, "dark")]:
        assert f"/sign-in/, {size} pixels, {scheme}: html-has-lang" in found
        assert f"/sign-in/, {size} pixels, {scheme}: color-contrast" in found
    assert "wider than 320 pixels" in found
    missed = "\n".join(find_missed_tab_stops(ana))
    assert "not shown" in missed
    assert "after stop" in missed


def test_page_weight_includes_all_resources(ana):
    # A page whose scripts fetch nothing later on.
    ana.open("/sign-in/help/")
    sizes = measure_weight(ana)

    assert min(sizes.values()) > 0
    assert {
        ana.page.url,
        *ana.page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)"),
    } <= set(sizes)
