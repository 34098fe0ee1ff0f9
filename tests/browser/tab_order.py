"""Checks that the Tab key reaches every control of a page in order, and that the focus is visible."""

from tests.browser.browser_user import BrowserUser

FOCUSABLE = "a[href], button, input:not([type=hidden]):not([tabindex='-1']), select, textarea"
# Where the keyboard is, whether a thick enough outline shows it, and whether the thing itself can be seen.
# What was scrolled to stands on whole pixels, and its edges need not.
FOCUSED_ELEMENT = f"""() => {{
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12))
  return {{
    stop: [...document.querySelectorAll("{FOCUSABLE}")].indexOf(here),
    words: here.innerText || here.name || here.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.top > -1 && box.bottom < innerHeight + 1 && (here === top || here.contains(top) || top?.contains(here)),
  }}
}}"""
RESET_FOCUS = "document.activeElement.blur(), document.body.tabIndex = -1, document.body.focus()"


def find_missed_tab_stops(user: BrowserUser) -> list[str]:
    """Return what the Tab key doesn't reach in its turn, or doesn't show."""
    user.page.evaluate(RESET_FOCUS)
    missed = []
    for number in range(user.page.locator(FOCUSABLE).count()):
        user.page.keyboard.press("Tab")
        focused = user.page.evaluate(FOCUSED_ELEMENT)
        if focused["stop"] != number:
            missed.append(f"{user.url_path}: after stop {number - 1} comes {focused}")
        elif not (focused["outlined"] and focused["seen"]):
            missed.append(f"{user.url_path}: not shown: {focused}")
    return missed
