"""Add, change and delete notes on a client's card. Only its author may change or delete a note."""

from datetime import datetime

from django.db import transaction

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Note
from tenants.deleted_rows import delete_row
from tenants.staff.staff_actor import StaffActor


class NotAuthor(Exception):
    """Raised for a change of a note that somebody else wrote."""


@transaction.atomic
def add_note(*, client: Client, body: str, staff: StaffActor, now: datetime) -> Note:
    """Add a note. Its text is not put on the timeline, so that deleting the note deletes it everywhere.

    Raises Client.DoesNotExist for a client who was erased or merged meanwhile.
    """
    client = Client.objects.exclude_unlisted().select_for_update(no_key=True).get(pk=client.pk)
    note = Note.objects.create(
        client=client, body=body.strip(), author_id=staff.person_id, author_name=staff.name, created_at=now
    )
    _record_note(ClientEvent.NOTE_ADDED, note, staff, now=now)
    return note


@transaction.atomic
def change_note(*, note: Note, body: str, staff: StaffActor, now: datetime) -> None:
    """Change the text of a note; the same text changes nothing. Raises NotAuthor."""
    check_author(note, staff)
    if note.body == body.strip():
        return
    note.body, note.edited_at = body.strip(), now
    note.save(update_fields=["body", "edited_at"])
    _record_note(ClientEvent.NOTE_CHANGED, note, staff, now=now)


@transaction.atomic
def delete_note(*, note: Note, staff: StaffActor, now: datetime) -> None:
    """Delete a note. Raises NotAuthor and Note.DoesNotExist."""
    check_author(note, staff)
    _record_note(ClientEvent.NOTE_DELETED, note, staff, now=now)
    delete_row(note)


def check_author(note: Note, staff: StaffActor) -> None:
    """Check that a member of staff wrote a note. Raises NotAuthor."""
    if note.author_id != staff.person_id:
        raise NotAuthor


def _record_note(event_type: ClientEvent, note: Note, staff: StaffActor, *, now: datetime) -> None:
    activity.record_event(
        event_type, at=now, client_id=note.client_id, subject_id=note.pk, **activity.get_actor_fields(staff)
    )
