"""What webhooks about clients hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.clients.client_queries import annotate_contacts_and_tags, present_client
from portal.activity.models import Entry
from portal.clients.models import Client


def build_clients(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return what the API shows of each entry's client; None for one that is no longer listed."""
    listed = Client.objects.exclude_unlisted().filter(pk__in={entry.client_id for entry in entries})
    shown = {client.pk: present_client(client) for client in annotate_contacts_and_tags(listed)}
    return {entry.pk: {"client": shown.get(entry.client_id)} for entry in entries}


def build_merged_clients(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return the client that remains, and the id of the one that was merged into it."""
    shown = build_clients(entries)
    return {entry.pk: shown[entry.pk] | {"merged_client_id": entry.subject_id} for entry in entries}


def build_empty_data(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return no data: the id, which every webhook about a client has, is all that is sent of one who is erased."""
    return {entry.pk: {} for entry in entries}
