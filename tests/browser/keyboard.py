"""Checks that the Tab key reaches every control of a page in order, and that the focus is visible."""

from tests.browser.visitor import Visitor

STOPS = "a[href], button, input:not([type=hidden]):not([tabindex='-1']), select, textarea"
# Where the keyboard is, whether a thick enough outline shows it, and whether the thing itself can be seen.
# What was scrolled to stands on whole pixels, and its edges need not.
HERE = f"""() => {{
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12))
  return {{
    stop: [...document.querySelectorAll("{STOPS}")].indexOf(here),
    words: here.innerText || here.name || here.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.top > -1 && box.bottom < innerHeight + 1 && (here === top || here.contains(top) || top?.contains(here)),
  }}
}}"""
BEGIN = "document.activeElement.blur(), document.body.tabIndex = -1, document.body.focus()"


def find_missed_tab_stops(visitor: Visitor) -> list[str]:
    """Return what the Tab key doesn't reach in its turn, or doesn't show."""
    visitor.page.evaluate(BEGIN)
    missed = []
    for number in range(visitor.page.locator(STOPS).count()):
        visitor.page.keyboard.press("Tab")
        here = visitor.page.evaluate(HERE)
        if here["stop"] != number:
            missed.append(f"{visitor.path}: after stop {number - 1} comes {here}")
        elif not (here["outlined"] and here["seen"]):
            missed.append(f"{visitor.path}: not shown: {here}")
    return missed
