"""What is this browser called? A name its owner recognises on the list of their sessions.

It is kept in English and put in the reader's language by the `device` filter: whoever
reads of a device may speak another language than whoever signed in on it.
"""

import re

from django.utils.translation import gettext_noop

# The order matters: most browsers also claim to be the ones below them.
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


def user_agent_label(user_agent: str) -> str:
    """Return a name such as `Firefox on Windows`, or a plain word for a browser we don't know."""
    browser, system = _first_match(BROWSERS, user_agent), _first_match(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or gettext_noop("Unknown browser")


def _first_match(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent[:400])), "")
