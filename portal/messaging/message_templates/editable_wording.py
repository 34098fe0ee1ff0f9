"""The wording of the mails and texts that a business can write: what is sent now, and how it arrives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.messaging import rendering
from portal.messaging.message_context import build_common_context
from portal.messaging.message_kinds import list_editable_mail_kinds, list_editable_text_kinds
from portal.messaging.message_templates import default_wording, placeholders, services
from portal.messaging.message_templates.sms_segments import SegmentCount, count_segments
from portal.messaging.models import Message, MessageTemplate
from portal.messaging.rendering import RenderedMessage
from tenants.models import Business, Channel
from tenants.nouns.message_declarations import MessageKind


@dataclass(frozen=True)
class TextPreview:
    """A text message as it would arrive, and the segments it takes."""

    text: str
    segment_count: SegmentCount


def list_editable_kinds(channel: str) -> dict[str, MessageKind]:
    """Return the kinds of messages that a business can write for a channel, by their keys."""
    return list_editable_text_kinds() if channel == Channel.SMS else list_editable_mail_kinds()


def is_editable(kind: str, language: str, channel: str) -> bool:
    """Tell whether a business can write this mail or text in this language."""
    return kind in list_editable_kinds(channel) and language in services.LANGUAGES


def get_current_wording(kind: str, language: str, channel: str, *, now: datetime) -> dict[str, str]:
    """Return the subject and body that are used now: the business's own, else the default. A text has no subject."""
    template = services.find_template(kind, language, channel)
    return get_wording(template, kind, language, channel, now=now)


def get_wording(
    template: MessageTemplate | None, kind: str, language: str, channel: str, *, now: datetime
) -> dict[str, str]:
    """Return the subject and body of the business's own template or, without one, of the default."""
    if template:
        return {"subject": template.subject, "body": template.body}
    if channel == Channel.SMS:
        return {"subject": "", "body": default_wording.render_default_text(kind, language, now=now)}
    return default_wording.render_default_mail(kind, language, now=now)


def render_mail_preview(
    business: Business, kind: str, language: str, template: MessageTemplate | None, *, slug: str, now: datetime
) -> RenderedMessage:
    """Return a mail as it would arrive with this template, or with the default wording, with sample values."""
    message = Message(kind=kind, channel=Channel.EMAIL, language=language)
    context = _build_sample_context(business, kind, slug=slug, now=now)
    return rendering.render_message(message, context, language=language, template=template)


def render_text_preview(business: Business, kind: str, body: str, *, slug: str, now: datetime) -> TextPreview:
    """Return a text message as it would arrive with this wording, with sample values."""
    context = _build_sample_context(business, kind, slug=slug, now=now)
    text = placeholders.fill_placeholders(body.replace("\r\n", "\n").strip(), context, kind=kind)
    return TextPreview(text, count_segments(text))


def _build_sample_context(business: Business, kind: str, *, slug: str, now: datetime) -> dict[str, Any]:
    return {**services.get_sample_values(kind), **build_common_context(business, slug=slug, sent_at=now)}
