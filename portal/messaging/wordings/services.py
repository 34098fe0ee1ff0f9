"""How does a business put a mail or a text into its own words, try it, and go back?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.messaging import rendering
from portal.messaging import services as messaging
from portal.messaging.models import Kind, Message, OwnWording
from portal.messaging.wordings import placeholders
from portal.ui.templatetags.ui import datetime_with_zone
from tenants.compiled_queries import compiled_query
from tenants.models import Channel, Queue
from tenants.staff.actor import Staff

# Codes keep our words: what they must and mustn't say is not a matter of taste.
EDITABLE = tuple(placeholders.OFFERED)
# Those that ever leave as a text message.
TEXTS: tuple[str, ...] = (Kind.CONTACT_CHANGED, Kind.ACCESS_ENDED)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# A number that no sentence of ours has by itself.
UNLIKELY = 9_753
SAMPLE: dict[str, Any] = {"device": "Firefox on Windows", "count": 2, "is_sample": True}


def own(kind: str, language: str, channel: str = Channel.EMAIL) -> OwnWording | None:
    """Return the business's own words for a mail or a text, or None where it uses ours."""
    if kind not in (TEXTS if channel == Channel.SMS else EDITABLE):
        return None
    return next(iter(_own(kind=kind, language=language, channel=str(channel))), None)


@compiled_query
def _own(kind: str, language: str, channel: str) -> QuerySet[OwnWording]:
    return OwnWording.objects.filter(kind=kind, language=language, channel=channel)


@transaction.atomic
def change(
    *,
    kind: str,
    language: str,
    body: str,
    staff: Staff,
    now: datetime,
    subject: str = "",
    channel: str = Channel.EMAIL,
) -> OwnWording:
    """Put a mail or a text into the business's words. Raises placeholders.UnknownPlaceholder."""
    after = {"subject": " ".join(subject.split()), "body": body.replace("\r\n", "\n").strip()}
    for text in after.values():
        placeholders.check(text, kind=kind)
    which: dict[str, Any] = {"kind": kind, "language": language, "channel": channel}
    before = _facts(OwnWording.objects.select_for_update().filter(**which).first())
    wording, _made = OwnWording.objects.update_or_create(**which, defaults=after | {"changed_at": now})
    if before != after:
        _record(EventType.MESSAGE_TEMPLATE_CHANGED, wording, staff, now, before=before, after=after)
    return wording


@transaction.atomic
def reset(*, kind: str, language: str, staff: Staff, now: datetime, channel: str = Channel.EMAIL) -> None:
    """Go back to our words for a mail or a text."""
    wording = OwnWording.objects.select_for_update().filter(kind=kind, language=language, channel=channel).first()
    if wording:
        _record(EventType.MESSAGE_TEMPLATE_RESET, wording, staff, now, before=_facts(wording), after=None)
        wording.delete()


def send_sample(*, kind: str, language: str, to: str, now: datetime) -> Message:
    """Send a mail as it stands, filled with made-up facts, to the member of staff who asks."""
    message = messaging.draft(
        Kind(kind), channel=Channel.EMAIL, to=to, language=language, data=SAMPLE | {"at": now.isoformat()}, now=now
    )
    return messaging.post(message, queue=Queue.NOTICES, deadline=now + settings.NOTIFICATION_LIFETIME, now=now)


def standard(kind: str, language: str, *, now: datetime) -> dict[str, str]:
    """Return our own words for a mail in the form that businesses write them, to begin with."""
    subject, body = _standard(kind, language, ("subject.txt", "body.txt"), now=now)
    # What follows the dashes is put below every mail.
    return {"subject": subject, "body": body.partition("\n--\n")[0].strip()}


def standard_text(kind: str, language: str, *, now: datetime) -> str:
    """Return our own words for a text message in the same form."""
    return _standard(kind, language, ("sms.txt",), now=now)[0]


def _standard(kind: str, language: str, parts: Sequence[str], *, now: datetime) -> list[str]:
    zone = "UTC"
    stand_ins = {
        "business": {"name": "{business}", "time_zone": zone},
        "portal_url": "{portal}",
        "device": "{device}",
        "count": UNLIKELY,
        "sent_at": now,
    }
    with translation.override(language):
        texts = [rendering.fill(kind, part, stand_ins) for part in parts]
        marks = {datetime_with_zone(now, zone): "{time}", str(UNLIKELY): "{count}", "{portal}messages/": "{messages}"}
    for words, name in marks.items():
        texts = [text.replace(words, name) for text in texts]
    return texts


def _facts(wording: OwnWording | None) -> dict[str, str] | None:
    return {"subject": wording.subject, "body": wording.body} if wording else None


def _record(event_type: EventType, wording: OwnWording, staff: Staff, now: datetime, **facts: Any) -> None:
    which = {"kind": wording.kind, "language": wording.language, "channel": str(wording.channel)}
    activity.record(event_type, at=now, subject_id=wording.pk, **which, **facts, **activity.actor_fields(staff))
