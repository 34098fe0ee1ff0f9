"""The rendering of a mail or text from its templates, in its reader's language.

Each kind of message is a folder in templates/messages/. A mail is `subject.txt`, `body.txt` and `body.html`; a text is
`sms.txt`. A business may replace the wording by a `MessageTemplate` of its own. Nothing that a client typed is in any
of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from css_inline import CSSInliner
from django.template import Context, Engine
from django.utils import translation

from portal.messaging.message_templates import placeholders
from portal.messaging.models import Message, MessageTemplate
from tenants.models import Channel

# Many mail programs read only inline styles; the style sheet stays for those that have a dark mode.
CSS_INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """The subject and body of a message. A text has only `text`. It may contain a code, so its repr shows nothing."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def render_message(
    message: Message, context: Mapping[str, Any], *, language: str, template: MessageTemplate | None = None
) -> RenderedMessage:
    """Render a message; `context` has the business, its branding, and the code where there is one.

    `template` is the business's own wording of this kind on this channel, if it has one. `language` is used for a
    message that names none.
    """
    language = message.language or language
    context = {**context, "language": language}
    with translation.override(language):
        if message.channel == Channel.SMS:
            return RenderedMessage(subject="", text=_render_text_message(message.kind, template, context), html="")
        if template:
            return _render_override(template, context)
        return RenderedMessage(
            subject=_to_single_line(render_message_part(message.kind, "subject.txt", context)),
            text=render_message_part(message.kind, "body.txt", context) + "\n",
            html=CSS_INLINER.inline(render_message_part(message.kind, "body.html", context)),
        )


def render_message_part(kind: str, part: str, context: Mapping[str, Any]) -> str:
    """Return one part of a kind of message, such as `subject.txt`, in the active language."""
    return _render_file(f"{kind}/{part}", context)


def _render_text_message(kind: str, template: MessageTemplate | None, context: Mapping[str, Any]) -> str:
    if template is None:
        return render_message_part(kind, "sms.txt", context)
    text = placeholders.fill_placeholders(template.body, context, kind=template.kind)
    return _render_file("_override.sms.txt", {**context, "body": text})


def _render_override(template: MessageTemplate, context: Mapping[str, Any]) -> RenderedMessage:
    subject = _to_single_line(placeholders.fill_placeholders(template.subject, context, kind=template.kind))
    text = placeholders.fill_placeholders(template.body, context, kind=template.kind)
    html = placeholders.fill_placeholders_as_html(template.body, context, kind=template.kind)
    return RenderedMessage(
        subject=subject,
        text=_render_file("_override.txt", {**context, "body": text}) + "\n",
        html=CSS_INLINER.inline(_render_file("_override.html", {**context, "subject": subject, "body": html})),
    )


def _to_single_line(text: str) -> str:
    """Return a subject without line breaks, which could begin another header."""
    return " ".join(text.split())


def _render_file(path: str, context: Mapping[str, Any]) -> str:
    """Render one template file; only HTML is escaped, and no context processor runs, since there is no request."""
    template = Engine.get_default().get_template(f"messages/{path}")
    return template.render(Context(context, autoescape=path.endswith(".html"))).strip()
