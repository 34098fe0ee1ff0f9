"""The business's own message templates: reading, saving and resetting them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.activity import services as activity
from portal.branding.models import PortalSettings
from portal.messaging import services as messaging
from portal.messaging.kinds import MessagingEvent
from portal.messaging.message_kinds import get_placeholders, list_editable_mail_kinds, list_editable_text_kinds
from portal.messaging.message_templates import placeholders
from portal.messaging.models import Message, MessageTemplate
from tenants.compiled_queries import compiled_query
from tenants.models import Channel, Queue
from tenants.staff.staff_actor import StaffActor

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def find_template(kind: str, language: str, channel: str = Channel.EMAIL) -> MessageTemplate | None:
    """Return the business's own template of a mail or text, or None where it uses the default."""
    if kind not in (list_editable_text_kinds() if channel == Channel.SMS else list_editable_mail_kinds()):
        return None
    return next(iter(_query_own_template(kind=kind, language=language, channel=str(channel))), None)


@compiled_query
def _query_own_template(kind: str, language: str, channel: str) -> QuerySet[MessageTemplate]:
    return MessageTemplate.objects.filter(kind=kind, language=language, channel=channel)


def lock_template(*, kind: str, language: str, channel: str) -> MessageTemplate:
    """Return the business's own template; nobody else can create or change it until the transaction ends.

    Where it uses the default, the template that is returned is not stored.
    """
    # A template that isn't there can't be locked, but the settings always are.
    PortalSettings.objects.select_for_update(no_key=True).get()
    found = MessageTemplate.objects.filter(kind=kind, language=language, channel=channel)
    locked = found.select_for_update(no_key=True).first()
    return locked or MessageTemplate(kind=kind, language=language, channel=channel)


@transaction.atomic
def save_template(
    *,
    kind: str,
    language: str,
    body: str,
    staff: StaffActor,
    now: datetime,
    subject: str = "",
    channel: str = Channel.EMAIL,
    locked_template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Create or update the business's own template of a mail or text. Raises placeholders.UnknownPlaceholder.

    `locked_template` is what `lock_template` returned if the caller has called it in this transaction.
    """
    after = {"subject": " ".join(subject.split()), "body": body.replace("\r\n", "\n").strip()}
    for text in after.values():
        placeholders.validate_placeholders(text, kind=kind)
    template = locked_template or lock_template(kind=kind, language=language, channel=channel)
    before = _get_template_content(template)
    template.subject, template.body, template.changed_at = after["subject"], after["body"], now
    template.save()
    if before != after:
        _record_template_event(MessagingEvent.TEMPLATE_CHANGED, template, staff, now, before=before, after=after)
    return template


@transaction.atomic
def reset_template(
    *,
    kind: str,
    language: str,
    staff: StaffActor,
    now: datetime,
    channel: str = Channel.EMAIL,
    locked_template: MessageTemplate | None = None,
) -> None:
    """Delete the business's own template of a mail or text, so that the default is used again.

    `locked_template` is what `lock_template` returned if the caller has called it in this transaction.
    """
    template = locked_template or lock_template(kind=kind, language=language, channel=channel)
    if template.is_stored:
        _record_template_event(
            MessagingEvent.TEMPLATE_RESET, template, staff, now, before=_get_template_content(template), after=None
        )
        template.delete()


def send_sample(*, kind: str, language: str, to: str, now: datetime) -> Message:
    """Send a mail with sample values to the member of staff who asks for it."""
    message = messaging.build_message(
        kind, channel=Channel.EMAIL, to=to, language=language, data={"is_sample": True}, now=now
    )
    deadline = now + settings.NOTIFICATION_LIFETIME
    return messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=deadline, now=now)


def get_sample_values(kind: str) -> dict[str, Any]:
    """Return what stands in previews for the context's variables of a kind's own placeholders."""
    return {name: offered.sample for name, offered in get_placeholders(kind).items() if offered.sample is not None}


def _get_template_content(template: MessageTemplate) -> dict[str, str] | None:
    return {"subject": template.subject, "body": template.body} if template.is_stored else None


def _record_template_event(
    event_type: MessagingEvent, template: MessageTemplate, staff: StaffActor, now: datetime, **change: Any
) -> None:
    key = {"kind": template.kind, "language": template.language, "channel": str(template.channel)}
    activity.record_event(
        event_type, at=now, subject_id=template.pk, **key, **change, **activity.get_actor_fields(staff)
    )
