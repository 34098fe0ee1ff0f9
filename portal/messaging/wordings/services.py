"""How does a business put a mail into its own words, try it, and go back?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from portal.activity import services as activity
from portal.activity.verbs import Verb
from portal.messaging import rendering
from portal.messaging import services as messaging
from portal.messaging.models import Kind, Message, OwnWording
from portal.messaging.wordings import placeholders
from portal.ui.templatetags.ui import clock
from tenants.models import Channel, Lane
from tenants.prepared import question
from tenants.staff.actor import Staff

# Codes keep our words: what they must and mustn't say is not a matter of taste.
EDITABLE = tuple(placeholders.OFFERED)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# A number that no sentence of ours has by itself.
UNLIKELY = 9_753
SAMPLE: dict[str, Any] = {"device": "Firefox on Windows", "count": 2, "is_sample": True}


def own(kind: str, language: str) -> OwnWording | None:
    """Return the business's own words for a mail, or None where it uses ours."""
    return next(iter(_own(kind=kind, language=language)), None) if kind in EDITABLE else None


@question
def _own(kind: str, language: str) -> QuerySet[OwnWording]:
    return OwnWording.objects.filter(kind=kind, language=language)


@transaction.atomic
def change(*, kind: str, language: str, subject: str, body: str, staff: Staff, now: datetime) -> OwnWording:
    """Put a mail into the business's words. Raises placeholders.UnknownPlaceholder."""
    after = {"subject": " ".join(subject.split()), "body": body.replace("\r\n", "\n").strip()}
    for text in after.values():
        placeholders.check(text, kind=kind)
    before = _facts(OwnWording.objects.select_for_update().filter(kind=kind, language=language).first())
    wording, _made = OwnWording.objects.update_or_create(
        kind=kind, language=language, defaults=after | {"changed_at": now}
    )
    if before != after:
        _record(Verb.WORDING_CHANGED, wording, staff, now, before=before, after=after)
    return wording


@transaction.atomic
def reset(*, kind: str, language: str, staff: Staff, now: datetime) -> None:
    """Go back to our words for a mail."""
    wording = OwnWording.objects.select_for_update().filter(kind=kind, language=language).first()
    if wording:
        _record(Verb.WORDING_RESET, wording, staff, now, before=_facts(wording), after=None)
        wording.delete()


def send_sample(*, kind: str, language: str, to: str, now: datetime) -> Message:
    """Send a mail as it stands, filled with made-up facts, to the member of staff who asks."""
    message = messaging.draft(
        Kind(kind), channel=Channel.EMAIL, to=to, language=language, data=SAMPLE | {"at": now.isoformat()}, now=now
    )
    return messaging.post(message, lane=Lane.NOTICES, deadline=now + settings.NOTICE_LIFETIME, now=now)


def standard(kind: str, language: str, *, now: datetime) -> dict[str, str]:
    """Return our own words for a mail in the form that businesses write them, to begin with."""
    zone = "UTC"
    stand_ins = {
        "business": {"name": "{business}", "time_zone": zone},
        "portal_url": "{portal}",
        "device": "{device}",
        "count": UNLIKELY,
        "sent_at": now,
    }
    with translation.override(language):
        subject, body = (rendering.fill(kind, part, stand_ins) for part in ("subject.txt", "body.txt"))
        marks = {clock(now, zone): "{time}", str(UNLIKELY): "{count}", "{portal}messages/": "{messages}"}
    for words, name in marks.items():
        subject, body = subject.replace(words, name), body.replace(words, name)
    # What follows the dashes is put below every mail.
    return {"subject": subject, "body": body.partition("\n--\n")[0].strip()}


def _facts(wording: OwnWording | None) -> dict[str, str] | None:
    return {"subject": wording.subject, "body": wording.body} if wording else None


def _record(verb: Verb, wording: OwnWording, staff: Staff, now: datetime, **facts: Any) -> None:
    mail = {"kind": wording.kind, "language": wording.language}
    activity.record(verb, at=now, subject_id=wording.pk, **mail, **facts, **activity.by(staff))
