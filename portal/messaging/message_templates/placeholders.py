"""The placeholders in a business's own message templates, such as `{business}`, and the values they are replaced by.

This is not Django's template language: a text stays as it is, except for a few names in braces. All are replaced in
one pass, so a placeholder inside a value is not replaced.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.messaging.message_kinds import get_placeholders
from tenants.nouns.message_declarations import Placeholder
from tenants.nouns.registry import import_dotted_path

PLACEHOLDER_PATTERN = re.compile(r"\{([^{}\n]{0,40})\}")


class UnknownPlaceholder(ValueError):
    """The text has a placeholder that its kind of message does not offer.

    The exception's text is for people to read.
    """


def validate_placeholders(text: str, *, kind: str) -> None:
    """Raise UnknownPlaceholder unless every placeholder in the text is offered for its kind of message."""
    offered = get_placeholders(kind)
    for name in PLACEHOLDER_PATTERN.findall(text):
        if name not in offered:
            known = ", ".join(f"{{{one}}}" for one in offered)
            message = _("Unknown placeholder {%(name)s}. Available here: %(known)s.")
            raise UnknownPlaceholder(message % {"name": name, "known": known})


def fill_placeholders(text: str, context: Mapping[str, Any], *, kind: str) -> str:
    """Return the text with its placeholders replaced in one pass; one that is not offered stays as it is."""
    offered = get_placeholders(kind)
    return PLACEHOLDER_PATTERN.sub(lambda match: _get_replacement(match, offered, context), text)


def fill_placeholders_as_html(text: str, context: Mapping[str, Any], *, kind: str) -> SafeString:
    """Return the text as paragraphs of HTML, everything in it escaped; only URLs of the portal become links."""
    offered = get_placeholders(kind)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    filled = (
        PLACEHOLDER_PATTERN.sub(lambda match: _escape_html(match, offered, context), escape(p)) for p in paragraphs
    )
    return SafeString("\n".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in filled))


def compute_placeholder_value(placeholder: Placeholder, context: Mapping[str, Any]) -> str:
    """Return the text that replaces a placeholder."""
    return import_dotted_path(placeholder.value)(context) if placeholder.value else str(context[placeholder.name])


def _get_replacement(match: re.Match, offered: Mapping[str, Placeholder], context: Mapping[str, Any]) -> str:
    placeholder = offered.get(match[1])
    return compute_placeholder_value(placeholder, context) if placeholder else match[0]


def _escape_html(match: re.Match, offered: Mapping[str, Placeholder], context: Mapping[str, Any]) -> str:
    value, placeholder = escape(_get_replacement(match, offered, context)), offered.get(match[1])
    return f'<a href="{value}">{escape(context["host"])}</a>' if placeholder and placeholder.is_link else value
