"""Creates one object of each kind that a path of the business API names, to try the API on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from portal.clients.models import Client, CustomField, Note, Suggestion, SuggestionKind, Tag, Upload
from portal.clients.services import suggestions
from portal.clients.uploads.bulk_upserts import start_bulk_upsert
from portal.clients.uploads.models import UploadState
from portal.intake.models import Enquiry
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.models import Channel, Queue
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory


def create_enquiry(client: Client, now: datetime) -> Enquiry:
    """Create an enquiry of the client's."""
    return Enquiry.objects.create(
        idempotency_key=uuid4(), client=client, name=client.name, network_digest=b"", received_at=now
    )


def create_suggestion(client: Client, now: datetime) -> Suggestion:
    """Create a suggestion for the client's card."""
    suggestions.add_suggestion(
        client=client,
        kind=SuggestionKind.NAME,
        value="Anna P.",
        submitted_data={"name": "Anna P.", "email": "", "phone": ""},
        source="contact-form",
        subject_id=uuid4(),
        now=now,
    )
    return Suggestion.objects.get(client=client)


def create_bulk_upsert(client: Client, now: datetime) -> Upload:
    """Create a bulk upsert of one row whose columns can still be set, so that it is a list upload as well."""
    staff = StaffActor(uuid4(), "Sync", None)
    upload = start_bulk_upsert(rows=[{"name": client.name}], on_match="fill", name="Sync", staff=staff, now=now)
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.RECEIVED)
    return upload


def create_message(client: Client, now: datetime) -> Message:
    """Create a mail to the client."""
    message = messaging.build_message(
        "new-message", channel=Channel.EMAIL, to="ana@example.com", client=client, language="en", now=now
    )
    messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now + timedelta(hours=1), now=now)
    return message


# By the parameter of the path; each belongs to the client.
OBJECTS: dict[str, Callable[[Client, datetime], UUID | str]] = {
    "client_id": lambda client, now: client.pk,
    "duplicate_id": lambda client, now: ClientFactory(name="Anna Pereira", email="anna@example.com").pk,
    "contact_id": lambda client, now: client.contacts.get().pk,
    "note_id": lambda client, now: Note.objects.create(client=client, body="Called.", created_at=now).pk,
    "field_id": lambda client, now: CustomField.objects.create(name="Size").pk,
    "tag_id": lambda client, now: Tag.objects.create(name="VIP").pk,
    "enquiry_id": lambda client, now: create_enquiry(client, now).pk,
    "upload_id": lambda client, now: create_bulk_upsert(client, now).pk,
    "message_id": lambda client, now: create_message(client, now).pk,
    "suggestion_id": lambda client, now: create_suggestion(client, now).pk,
}


def create_objects(now: datetime) -> dict[str, str]:
    """Create one object of each kind in the current business, and return their ids by parameter."""
    client = ClientFactory(name="Ana Pereira", email="ana@example.com")
    return {parameter: str(create(client, now)) for parameter, create in OBJECTS.items()}
