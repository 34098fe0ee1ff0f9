"""What may a business put into its own wording, and what stands there in the mail?

Not Django's template language: a text is taken as it is, but for a few names in braces. What is filled
in is never looked at again, so nothing in a value can ask for another one.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.messaging.models import Kind
from portal.ui.templatetags.ui import datetime_with_zone, device_label

NAMED = re.compile(r"\{([^{}\n]{0,40})\}")
LINKS = ("portal", "messages")
EVERYWHERE = ("business", "portal")
OFFERED: dict[str, tuple[str, ...]] = {
    Kind.NEW_BROWSER: (*EVERYWHERE, "device", "time"),
    Kind.CONTACT_CHANGED: (*EVERYWHERE, "time"),
    Kind.ACCESS_ENDED: EVERYWHERE,
    Kind.INVITATION: EVERYWHERE,
    Kind.NEW_MESSAGE: (*EVERYWHERE, "messages", "count"),
}
VALUES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "business": lambda context: context["business"].name,
    "portal": lambda context: context["portal_url"],
    "messages": lambda context: f"{context['portal_url']}messages/",
    "device": lambda context: device_label(context["device"]),
    "time": lambda context: datetime_with_zone(context["sent_at"], context["business"].time_zone),
    "count": lambda context: str(context["count"]),
}


class UnknownPlaceholder(ValueError):
    """The text names something in braces that can't be filled in. Says which, in words for people."""


def check(text: str, *, kind: str) -> None:
    """Accept a text whose names in braces are all offered for its kind. Raises UnknownPlaceholder."""
    for name in NAMED.findall(text):
        if name not in OFFERED[kind]:
            known = ", ".join(f"{{{one}}}" for one in OFFERED[kind])
            words = _("{%(name)s} can’t be filled in. Here you can use: %(known)s.")
            raise UnknownPlaceholder(words % {"name": name, "known": known})


def fill(text: str, context: Mapping[str, Any], *, kind: str) -> str:
    """Return a text with its names replaced, in one go; a name that is not offered stays as it is."""
    return NAMED.sub(lambda found: _value(found, context, kind), text)


def fill_html(text: str, context: Mapping[str, Any], *, kind: str) -> SafeString:
    """Return a text as paragraphs of HTML, everything in it escaped; only addresses of the portal become links."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    filled = (NAMED.sub(lambda found: _link(found, context, kind), escape(part)) for part in parts)
    return SafeString("\n".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in filled))


def _value(found: re.Match, context: Mapping[str, Any], kind: str) -> str:
    name = found[1]
    return VALUES[name](context) if name in OFFERED[kind] else found[0]


def _link(found: re.Match, context: Mapping[str, Any], kind: str) -> str:
    value = escape(_value(found, context, kind))
    return f'<a href="{value}">{escape(context["host"])}</a>' if found[1] in LINKS else value
