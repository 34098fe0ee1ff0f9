"""What does a message say, in its reader's language?

A kind is a folder in templates/messages/. A mail is `subject.txt`, `body.txt` and
`body.html`; a text is `sms.txt`. A business may have put a mail into its own words.
Whatever a client typed stays out of all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from css_inline import CSSInliner
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from portal.messaging.models import Message, OwnWording
from portal.messaging.wordings import placeholders
from tenants.models import Channel

# Many mailboxes read only what stands on the element; the sheet stays for those that also know night from day.
INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in words. A text has only `text`. It may hold a code, so none of it shows in its repr."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def render(message: Message, context: Mapping[str, Any], *, language: str, own: OwnWording | None = None) -> Wording:
    """Put a message into words; `context` has the business, its look, and the code where there is one.

    `own` is the business's wording of this kind on this channel.
    """
    language = message.language or language
    context = {**context, "language": language}
    with translation.override(language):
        if message.channel == Channel.SMS:
            ours = fill(message.kind, "sms.txt", context)
            text = placeholders.fill(own.body, context, kind=own.kind) if own else ours
            return Wording(subject="", text=text, html="")
        if own:
            return _in_own_words(own, context)
        return Wording(
            subject=_one_line(fill(message.kind, "subject.txt", context)),
            text=fill(message.kind, "body.txt", context) + "\n",
            html=INLINER.inline(fill(message.kind, "body.html", context)),
        )


def fill(kind: str, part: str, context: Mapping[str, Any]) -> str:
    """Return one part of a message in the language at hand."""
    return _fill(f"{kind}/{part}", context)


def _in_own_words(own: OwnWording, context: Mapping[str, Any]) -> Wording:
    subject = _one_line(placeholders.fill(own.subject, context, kind=own.kind))
    text = placeholders.fill(own.body, context, kind=own.kind)
    html = placeholders.fill_html(own.body, context, kind=own.kind)
    return Wording(
        subject=subject,
        text=_fill("_own.txt", {**context, "words": text}) + "\n",
        html=INLINER.inline(_fill("_own.html", {**context, "subject": subject, "words": html})),
    )


def _one_line(text: str) -> str:
    """Return a subject with nothing in it that could begin another header."""
    return " ".join(text.split())


def _fill(path: str, context: Mapping[str, Any]) -> str:
    """Fill one template; only HTML is escaped, and no context processor runs: there is no request."""
    template = get_template(f"messages/{path}").template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=path.endswith(".html"))).strip()
