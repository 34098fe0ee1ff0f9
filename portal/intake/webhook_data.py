"""What webhooks about enquiries hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.activity.models import Entry


def build_enquiries(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return the id of each enquiry; what a stranger typed is read through the API by those who may."""
    return {entry.pk: {"enquiry_id": entry.subject_id} for entry in entries}
