"""What webhooks about messages and deliveries hold: never a code, and no address."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.activity.models import Entry
from portal.messaging.models import ChatMessage
from portal.messaging.suppressions import SUPPRESSING_REASONS


def build_chat_messages(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return each message as it was written; None for one that is gone."""
    found = ChatMessage.objects.exclude_demo().in_bulk({entry.subject_id for entry in entries})
    shown: dict[UUID | None, dict[str, Any]] = {
        message.pk: {
            "id": message.pk,
            "sender": message.sender,
            "body": message.body,
            "written_at": message.written_at,
        }
        for message in found.values()
    }
    return {entry.pk: {"message": shown.get(entry.subject_id)} for entry in entries}


def build_failed_deliveries(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return why each email or text did not arrive, and whether the provider sends to its address no more."""
    return {entry.pk: {"delivery": _build_failed_delivery(entry)} for entry in entries}


def _build_failed_delivery(entry: Entry) -> dict[str, Any]:
    reason = str(entry.data.get("reason", ""))
    shown = {name: entry.data.get(name, "") for name in ("channel", "kind", "provider")}
    return shown | {"reason": reason, "is_suppressed": reason.removesuffix("-notices") in SUPPRESSING_REASONS}
