"""What webhooks about signing in hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.activity.models import Entry


def build_sign_ins(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return the id of each session, and whether its browser was new."""
    return {
        entry.pk: {"session_id": entry.subject_id, "new_browser": bool(entry.data.get("new_browser"))}
        for entry in entries
    }


def build_locked_sign_ins(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return the id of each attempt that ended because too many codes were wrong."""
    return {entry.pk: {"challenge_id": entry.subject_id} for entry in entries}
