"""Which mails and texts did the demo send? One small file each, since web server and workers share nothing else."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

KEPT = 500
# Several workers write at once, so a message may turn up a moment after a younger one.
OVERLAP = 2_000_000
NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
CODE = re.compile(r"(?<!\d)\d{6,8}(?!\d)")


@dataclass(frozen=True)
class Message:
    """One mail or text as it left; `id` sorts by time. `business` is the slug of its portal."""

    id: str
    business: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    provider: str
    at: str

    @property
    def sent_at(self) -> datetime:
        """The instant it left."""
        return datetime.fromisoformat(self.at)

    @property
    def code(self) -> str:
        """The code it carries, or an empty string; a mail about a code begins with it."""
        found = CODE.match(self.subject or self.text)
        return found.group() if found else ""

    def as_record(self) -> dict[str, str]:
        """Return what /dev/outbox.json shows of it."""
        record = asdict(self)
        del record["id"]
        return record


def leave(
    *, business: str, channel: str, to: str, subject: str, text: str, html: str, provider: str, at: datetime
) -> str:
    """Keep one message and return its id. Readers see it whole or not at all."""
    folder = Path(settings.DEMO_OUTBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{int(at.timestamp() * 1_000_000):020d}-{secrets.token_hex(4)}"
    content = {"business": business, "channel": channel, "to": to, "subject": subject, "text": text}
    content |= {"html": html, "provider": provider, "at": at.isoformat()}
    draft = folder / f".{name}"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.rename(folder / f"{name}.json")
    _forget_oldest(folder)
    return name


def messages(*, business: str = "", to: str = "", after: str = "", limit: int = KEPT) -> list[Message]:
    """Return what was sent, newest first, to one portal's people or one recipient if asked.

    `after` is the id of a message already seen; a few seen ones may come again.
    """
    found: list[Message] = []
    for message in _newest_first(_a_little_before(after)):
        # A plus that was not percent-encoded arrives as a space and is gone.
        if business in ("", message.business) and to in ("", message.to, message.to.removeprefix("+")):
            found.append(message)
        if len(found) == limit:
            break
    return found


def one(name: str) -> Message | None:
    """Return one message by its id, or None."""
    return _read(Path(settings.DEMO_OUTBOX_DIR) / f"{name}.json") if NAME.fullmatch(name) else None


def _a_little_before(name: str) -> str:
    return f"{int(name[:20]) - OVERLAP:020d}" if NAME.fullmatch(name) else ""


def _newest_first(after: str) -> Iterator[Message]:
    for path in _files(Path(settings.DEMO_OUTBOX_DIR)):
        if path.stem <= after:
            return
        if message := _read(path):
            yield message


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.json"), reverse=True)


def _read(path: Path) -> Message | None:
    """Return a message, or None when it was forgotten a moment ago or isn't one of ours."""
    try:
        return Message(id=path.stem, **json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _forget_oldest(folder: Path) -> None:
    for path in _files(folder)[KEPT:]:
        path.unlink(missing_ok=True)
