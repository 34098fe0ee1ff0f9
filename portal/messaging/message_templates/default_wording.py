"""The default wording of mails and texts, with placeholders, as a business would write it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from portal.messaging import rendering
from portal.messaging.message_kinds import get_placeholders
from portal.messaging.message_templates import placeholders, services
from tenants.models import Business

# A number that occurs in no default wording, so it can be found and replaced by a placeholder.
UNCOMMON_NUMBER = 9_753


def render_default_mail(kind: str, language: str, *, now: datetime) -> dict[str, str]:
    """Return the default subject and body of a mail with placeholders, as a business would write them."""
    subject, body = _render_default_parts(kind, language, ("subject.txt", "body.txt"), now=now)
    # What follows the dashes is added to every mail.
    return {"subject": subject, "body": body.partition("\n--\n")[0].strip()}


def render_default_text(kind: str, language: str, *, now: datetime) -> str:
    """Return the default wording of a text message with placeholders, as a business would write it."""
    return _render_default_parts(kind, language, ("sms.txt",), now=now)[0]


def _render_default_parts(kind: str, language: str, parts: Sequence[str], *, now: datetime) -> list[str]:
    """Render parts of the default message with values that are then replaced by their placeholders."""
    context = {
        **_build_unique_sample_values(kind),
        "business": Business(name="{business}", time_zone="UTC"),
        "portal_url": "{portal}",
        "sent_at": now,
    }
    with translation.override(language):
        texts = [rendering.render_message_part(kind, part, context) for part in parts]
        offered = get_placeholders(kind)
        names = {placeholders.compute_placeholder_value(offered[name], context): f"{{{name}}}" for name in offered}
    # The longest first: an address in the portal begins with the portal's own.
    for value in sorted(names, key=len, reverse=True):
        texts = [text.replace(value, names[value]) for text in texts]
    return texts


def _build_unique_sample_values(kind: str) -> dict[str, Any]:
    """Return the sample values with each number replaced by one that occurs in no wording."""
    values = enumerate(services.get_sample_values(kind).items(), start=UNCOMMON_NUMBER)
    return {name: number if isinstance(value, int) else value for number, (name, value) in values}
