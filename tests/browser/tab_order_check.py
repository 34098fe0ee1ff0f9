"""Checks that the Tab key reaches every control of a page in order, and that the focus is visible."""

from tests.browser.browser_user import BrowserUser

# What is hidden takes no focus.
FOCUSABLE = (
    ":is(a[href], button, input:not([type=hidden]):not([tabindex='-1']), select, textarea):not([hidden], [hidden] *)"
)
# Which element has the focus, whether a thick enough outline shows it, and whether it is in view.
# Scrolling stops at whole pixels, but an element's edges may lie between them.
FOCUSED_ELEMENT = f"""() => {{
  const focused = document.activeElement, style = getComputedStyle(focused), box = focused.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12))
  return {{
    stop: [...document.querySelectorAll("{FOCUSABLE}")].indexOf(focused),
    words: focused.innerText || focused.name || focused.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.top > -1 && box.bottom < innerHeight + 1
      && (focused === top || focused.contains(top) || top?.contains(focused)),
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
