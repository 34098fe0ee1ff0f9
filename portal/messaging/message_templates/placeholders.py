"""The placeholders in a business's own message templates, such as `{business}`, and the values they are replaced by.

This is not Django's template language: a text stays as it is, except for a few names in braces. All are replaced in
one pass, so a placeholder inside a value is not replaced.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.messaging.models import MessageKind
from portal.ui.templatetags.ui import datetime_with_zone, device_label

PLACEHOLDER_PATTERN = re.compile(r"\{([^{}\n]{0,40})\}")
LINK_PLACEHOLDERS = ("portal", "messages")
COMMON_PLACEHOLDERS = ("business", "portal")
PLACEHOLDERS_BY_KIND: dict[str, tuple[str, ...]] = {
    MessageKind.NEW_BROWSER: (*COMMON_PLACEHOLDERS, "device", "time"),
    MessageKind.CONTACT_CHANGED: (*COMMON_PLACEHOLDERS, "time"),
    MessageKind.ACCESS_ENDED: COMMON_PLACEHOLDERS,
    MessageKind.INVITATION: COMMON_PLACEHOLDERS,
    MessageKind.NEW_MESSAGE: (*COMMON_PLACEHOLDERS, "messages", "count"),
}
PLACEHOLDER_VALUES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "business": lambda context: context["business"].name,
    "portal": lambda context: context["portal_url"],
    "messages": lambda context: f"{context['portal_url']}messages/",
    "device": lambda context: device_label(context["device"]),
    "time": lambda context: datetime_with_zone(context["sent_at"], context["business"].time_zone),
    "count": lambda context: str(context["count"]),
}


class UnknownPlaceholder(ValueError):
    """The text has a placeholder that its kind of message does not offer. The exception's text is for people to read."""


def validate_placeholders(text: str, *, kind: str) -> None:
    """Raise UnknownPlaceholder unless every placeholder in the text is offered for its kind of message."""
    for name in PLACEHOLDER_PATTERN.findall(text):
        if name not in PLACEHOLDERS_BY_KIND[kind]:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS_BY_KIND[kind])
            message = _("Unknown placeholder {%(name)s}. Available here: %(known)s.")
            raise UnknownPlaceholder(message % {"name": name, "known": known})


def fill_placeholders(text: str, context: Mapping[str, Any], *, kind: str) -> str:
    """Return the text with its placeholders replaced in one pass; one that is not offered stays as it is."""
    return PLACEHOLDER_PATTERN.sub(lambda match: _value(match, context, kind), text)


def fill_placeholders_as_html(text: str, context: Mapping[str, Any], *, kind: str) -> SafeString:
    """Return the text as paragraphs of HTML, everything in it escaped; only URLs of the portal become links."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    filled = (PLACEHOLDER_PATTERN.sub(lambda match: _html_value(match, context, kind), escape(p)) for p in paragraphs)
    return SafeString("\n".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in filled))


def _value(match: re.Match, context: Mapping[str, Any], kind: str) -> str:
    name = match[1]
    return PLACEHOLDER_VALUES[name](context) if name in PLACEHOLDERS_BY_KIND[kind] else match[0]


def _html_value(match: re.Match, context: Mapping[str, Any], kind: str) -> str:
    value = escape(_value(match, context, kind))
    return f'<a href="{value}">{escape(context["host"])}</a>' if match[1] in LINK_PLACEHOLDERS else value
