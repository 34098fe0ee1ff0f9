"""Stores each mail and text the demo sends as a small file, which web server and workers share."""

import json
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tenants.mail_attachments import MailAttachment

MAX_MESSAGES = 500
# In microseconds: several workers write at once, so a message may appear a moment after a newer one.
OVERLAP = 2_000_000
ID = re.compile(r"\d{20}-[0-9a-f]{8}")
CODE = re.compile(r"(?<!\d)\d{6,8}(?!\d)")


@dataclass(frozen=True)
class SentMessage:
    """One mail or text as it was sent; `id` sorts by time, `business` is the slug of its portal.

    Each of its `attachments` has a `filename`, a `content_type`, and its `content` in Base64.
    """

    id: str
    business: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    provider: str
    at: str
    attachments: list[dict[str, str]] = field(default_factory=list)

    @property
    def sent_at(self) -> datetime:
        """The time at which it was sent."""
        return datetime.fromisoformat(self.at)

    @property
    def code(self) -> str:
        """The code it contains, or an empty string; a mail with a code begins with it."""
        found = CODE.match(self.subject or self.text)
        return found.group() if found else ""

    def get_attachment(self, position: int) -> MailAttachment | None:
        """Return one of its attachments, counted from 0, or None."""
        if position >= len(self.attachments):
            return None
        stored = self.attachments[position]
        return MailAttachment(stored["filename"], stored["content_type"], b64decode(stored["content"]))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that /dev/outbox.json shows: `attachments` only where there are some."""
        fields = asdict(self)
        del fields["id"]
        if not self.attachments:
            del fields["attachments"]
        return fields


def save_sent_message(
    *,
    business: str,
    channel: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    provider: str,
    at: datetime,
    attachments: Sequence[MailAttachment] = (),
) -> str:
    """Save one message and return its id. It is written under another name first, so readers never see a part of it."""
    folder = Path(settings.DEMO_OUTBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    message_id = f"{int(at.timestamp() * 1_000_000):020d}-{secrets.token_hex(4)}"
    content: dict[str, Any] = {"business": business, "channel": channel, "to": to, "subject": subject, "text": text}
    content |= {"html": html, "provider": provider, "at": at.isoformat()}
    if attachments:
        content["attachments"] = [_encode_attachment(attachment) for attachment in attachments]
    draft = folder / f".{message_id}"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.rename(folder / f"{message_id}.json")
    _delete_oldest(folder)
    return message_id


def list_sent_messages(
    *, business: str = "", to: str = "", after: str = "", limit: int = MAX_MESSAGES
) -> list[SentMessage]:
    """Return sent messages, the newest first, of one portal and to one recipient if given.

    `after` is the id of a message already shown; a few messages just before it may be returned again.
    """
    found: list[SentMessage] = []
    for message in _iter_newest_first(_rewind_message_id(after)):
        # A plus sign that was not percent-encoded arrives as a space, which is stripped.
        if business in ("", message.business) and to in ("", message.to, message.to.removeprefix("+")):
            found.append(message)
        if len(found) == limit:
            break
    return found


def get_sent_message(message_id: str) -> SentMessage | None:
    """Return one message by its id, or None."""
    return (
        _read_sent_message(Path(settings.DEMO_OUTBOX_DIR) / f"{message_id}.json") if ID.fullmatch(message_id) else None
    )


def _encode_attachment(attachment: MailAttachment) -> dict[str, str]:
    content = b64encode(attachment.content).decode()
    return {"filename": attachment.filename, "content_type": attachment.content_type, "content": content}


def _rewind_message_id(message_id: str) -> str:
    return f"{int(message_id[:20]) - OVERLAP:020d}" if ID.fullmatch(message_id) else ""


def _iter_newest_first(after: str) -> Iterator[SentMessage]:
    for path in _list_files(Path(settings.DEMO_OUTBOX_DIR)):
        if path.stem <= after:
            return
        if message := _read_sent_message(path):
            yield message


def _list_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.json"), reverse=True)


def _read_sent_message(path: Path) -> SentMessage | None:
    """Return a message, or None if it has just been trimmed or isn't one of ours."""
    try:
        return SentMessage(id=path.stem, **json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _delete_oldest(folder: Path) -> None:
    for path in _list_files(folder)[MAX_MESSAGES:]:
        path.unlink(missing_ok=True)
