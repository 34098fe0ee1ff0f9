"""Derives a readable label of a browser from its user agent, for lists of sessions and devices.

The label is stored in English and translated when it is shown: the reader may speak another language than the
person who signed in.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The order matters: most user agents also contain the names of browsers below them.
BROWSERS = [
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Opera", r"OPR/|Opera"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
]
SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]


def get_user_agent_label(user_agent: str) -> str:
    """Return a label such as `Firefox on Windows`, or `Unknown browser`."""
    browser, system = _find_first_match(BROWSERS, user_agent), _find_first_match(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or gettext_noop("Unknown browser")


def translate_user_agent_label(label: str) -> str:
    """Return the label of a browser, as stored, in the reader's language; empty for none."""
    browser, on, system = label.partition(" on ")
    if on:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return _(label) if label else ""


def _find_first_match(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent[:400])), "")
