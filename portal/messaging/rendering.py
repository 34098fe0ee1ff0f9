"""What does a message say, in its reader's language?

A kind is a folder in templates/messages/. A mail is `subject.txt`, `body.txt` and
`body.html`; a text is `sms.txt`. Whatever a client typed stays out of all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from css_inline import CSSInliner
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from portal.messaging.models import Message
from tenants.models import Channel

# Many mailboxes read only what stands on the element; the sheet stays for those that also know night from day.
INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in words. A text has only `text`. It may hold a code, so none of it shows in its repr."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def render(message: Message, context: Mapping[str, Any], *, language: str) -> Wording:
    """Put a message into words; `context` has the business, its look, and the code where there is one."""
    language = message.language or language
    context = {**context, "language": language}
    with translation.override(language):
        if message.channel == Channel.SMS:
            return Wording(subject="", text=_fill(message.kind, "sms.txt", context), html="")
        return Wording(
            subject=" ".join(_fill(message.kind, "subject.txt", context).split()),
            text=_fill(message.kind, "body.txt", context) + "\n",
            html=INLINER.inline(_fill(message.kind, "body.html", context)),
        )


def _fill(kind: str, part: str, context: Mapping[str, Any]) -> str:
    """Fill one template; only HTML is escaped, and no context processor runs: there is no request."""
    template = get_template(f"messages/{kind}/{part}").template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=part.endswith(".html"))).strip()
