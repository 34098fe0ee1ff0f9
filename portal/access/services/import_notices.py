"""Telling clients that an import added an address to their card: it may sign in, so they have to know."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.access.kinds import AccessMessageKind
from portal.access.services.bulk_messages import bulk_enqueue_messages
from portal.access.services.code_recipients import CHANNEL_BY_KIND
from portal.clients.models import Contact, ContactKind, Upload, UploadRow, UploadState
from portal.messaging import services as messaging
from portal.messaging.models import Message

CHUNK_ROWS = 500


def notify_of_imported_addresses(*, now: datetime) -> None:
    """Enqueue the notices of all imports that are done. Safe to repeat: each client is told once per import."""
    for upload_id in Upload.objects.exclude(notice_cursor=None).order_by("pk").values_list("pk", flat=True):
        while _notify_next_clients(upload_id, now=now):
            pass


@transaction.atomic
def _notify_next_clients(upload_id: uuid.UUID, *, now: datetime) -> bool:
    """Enqueue the notices of the next rows, in one transaction with the cursor; return False when none are left.

    While an import is undone its notices wait: that may be stopped, and then the addresses left have to be told of.
    """
    waiting = Upload.objects.exclude(notice_cursor=None).filter(state__in=(UploadState.DONE, UploadState.UNDONE))
    upload = waiting.select_for_update(skip_locked=True, no_key=True).filter(pk=upload_id).first()
    if upload is None:
        return False
    changed = upload.rows.filter(number__gt=upload.notice_cursor, undo_data__isnull=False).order_by("number")
    rows = list(changed[:CHUNK_ROWS]) if upload.state == UploadState.DONE else []
    upload.notice_cursor = rows[-1].number if rows else None
    upload.save(update_fields=["notice_cursor"])
    bulk_enqueue_messages(_build_notices(rows, now=now), now=now)
    return bool(rows)


def _build_notices(rows: Iterable[UploadRow], *, now: datetime) -> list[Message]:
    """Return a message to each address that was on a card before; an address that is gone again tells nobody."""
    added = {key: row.client_id for row in rows for key in _list_added_ids(row)}
    still_there = Contact.objects.usable_for_sign_in().filter(pk__in=added).values_list("pk", "client_id")
    new_ids = {key for key, client_id in still_there if added[str(key)] == client_id}
    client_ids = {added[str(key)] for key in new_ids}
    contacts = Contact.objects.exclude_demo().usable_for_sign_in().filter(client__in=client_ids).exclude(pk__in=new_ids)
    return [
        messaging.build_message(
            AccessMessageKind.CONTACT_CHANGED,
            channel=CHANNEL_BY_KIND[ContactKind(contact.kind)],
            to=contact.value,
            client=contact.client,
            language=contact.client.language,
            now=now,
        )
        for contact in contacts.select_related("client").order_by("pk")
    ]


def _list_added_ids(row: UploadRow) -> list[str]:
    undo_data = row.undo_data or {}
    return [*undo_data.get("contacts", []), *undo_data.get("confirmed", [])]
