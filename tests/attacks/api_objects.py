"""Creates one object of each kind that a path of the business API names, to try the API on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from portal.access.models import Challenge
from portal.clients.models import Client, CustomField, Note, SavedView, Suggestion, SuggestionKind, Tag, Upload
from portal.clients.services import suggestions
from portal.clients.uploads.bulk_upserts import start_bulk_upsert
from portal.clients.uploads.models import UploadState
from portal.intake.models import Enquiry
from portal.integrations.models import WebhookAttempt, WebhookEndpoint, WebhookEvent
from portal.integrations.webhooks import endpoints
from portal.messaging import services as messaging
from portal.messaging.models import Message, Notification, Suppression
from portal.passkeys.models import Passkey
from tenants.context import get_current_business
from tenants.domains.custom_domains import add_domain
from tenants.models import (
    Channel,
    Invitation,
    Membership,
    Queue,
    Role,
    SmsPriority,
    SmsStop,
    SmsStopReason,
    SupportTicket,
)
from tenants.staff.staff_actor import StaffActor
from tests.api.scheduling.objects import SCHEDULING_OBJECTS
from tests.factories import ClientFactory, ClientSessionFactory, create_member


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


def create_sign_in_attempt(client: Client, now: datetime) -> Challenge:
    """Create an attempt of the client's to sign in."""
    message = create_message(client, now)
    return Challenge.objects.create(
        client=client,
        address=message.to,
        browser_digest=b"attempt",
        identifier_digest=b"ana",
        identifier_masked="a…@example.com",
        identifier_kind="email",
        destinations=[message.to],
        sent_at=[now],
        channels=[Channel.EMAIL],
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )


def create_member_of_business(client: Client, now: datetime) -> Membership:
    """Create a colleague at the client's business."""
    return create_member(get_current_business(), Role.STAFF)


def create_invitation(client: Client, now: datetime) -> Invitation:
    """Create an open invitation to the client's business."""
    return Invitation.objects.create(
        business=get_current_business(),
        email="lea@example.com",
        role=Role.STAFF,
        token_digest=b"lea",
        created_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=7),
    )


def create_webhook(client: Client, now: datetime) -> WebhookEndpoint:
    """Create a webhook of the client's business."""
    return endpoints.add_endpoint(
        business=get_current_business(), url="https://hooks.example.com/", staff=None, now=now
    )


def create_webhook_attempt(client: Client, now: datetime) -> WebhookAttempt:
    """Create an attempt to send an event about the client to the business's webhook."""
    event = WebhookEvent.objects.create(
        id=uuid4(), event_type="client.updated", at=now, client=client, body="{}", created_at=now
    )
    endpoint = WebhookEndpoint.objects.get()
    fields = {"url": endpoint.url, "number": 1, "duration_ms": 1, "status": 200, "succeeded": True}
    return WebhookAttempt.objects.create(endpoint=endpoint, event=event, at=now, **fields)


def create_ticket(client: Client, now: datetime) -> SupportTicket:
    """Create a ticket of the client's business about them."""
    return SupportTicket.objects.create(
        business=get_current_business(), client_id=client.pk, subject="Code missing", opened_at=now
    )


def create_stop(client: Client, now: datetime) -> SmsStop:
    """Stop some texts of the client's business for a day."""
    return SmsStop.objects.create(
        business=get_current_business(),
        reason=SmsStopReason.FEW_CODES_USED,
        priority=SmsPriority.CHOSEN,
        started_at=now,
        ends_at=now + timedelta(days=1),
    )


def create_passkey(client: Client, now: datetime) -> Passkey:
    """Create a passkey of the client's."""
    return Passkey.objects.create(
        client=client,
        credential_id=uuid4().bytes,
        public_key=b"",
        user_handle=client.pk.bytes,
        host="acme.localhost",
        address="ana@example.com",
        sign_count=0,
        is_backup_eligible=False,
        is_backed_up=False,
        created_at=now,
    )


# By the parameter of the path; each belongs to the client.
OBJECTS: dict[str, Callable[[Client, datetime], UUID | str]] = {
    "client_id": lambda client, now: client.pk,
    "duplicate_id": lambda client, now: ClientFactory(name="Anna Pereira", email="anna@example.com").pk,
    "contact_id": lambda client, now: client.contacts.get().pk,
    "note_id": lambda client, now: Note.objects.create(client=client, body="Called.", created_at=now).pk,
    "session_id": lambda client, now: ClientSessionFactory(client=client).pk,
    "passkey_id": lambda client, now: create_passkey(client, now).pk,
    "field_id": lambda client, now: CustomField.objects.create(name="Size").pk,
    "view_id": lambda client, now: SavedView.objects.create(name="Regulars", created_at=now).pk,
    "tag_id": lambda client, now: Tag.objects.create(name="VIP").pk,
    "enquiry_id": lambda client, now: create_enquiry(client, now).pk,
    "upload_id": lambda client, now: create_bulk_upsert(client, now).pk,
    "message_id": lambda client, now: create_message(client, now).pk,
    "notification_id": lambda client, now: (
        Notification.objects.create(person_id=uuid4(), kind="new-message", at=now).pk
    ),
    "suggestion_id": lambda client, now: create_suggestion(client, now).pk,
    "person_id": lambda client, now: create_member_of_business(client, now).person_id,
    "invitation_id": lambda client, now: create_invitation(client, now).pk,
    "domain_id": lambda client, now: (
        add_domain(business=get_current_business(), domain="portal.acme.example", now=now).pk
    ),
    "ticket_id": lambda client, now: create_ticket(client, now).pk,
    "stop_id": lambda client, now: create_stop(client, now).pk,
    "attempt_id": lambda client, now: create_sign_in_attempt(client, now).pk,
    "webhook_id": lambda client, now: create_webhook(client, now).pk,
    "delivery_attempt_id": lambda client, now: create_webhook_attempt(client, now).pk,
    "suppression_id": lambda client, now: (
        Suppression.objects.create(value="ana@example.com", channel=Channel.EMAIL, reason="bounced", since=now).pk
    ),
    **SCHEDULING_OBJECTS,
}

# Parameters that name no object but a choice, which is the same at every business.
CHOICES = {"channel": "email", "kind": "new-message", "language": "en"}


def create_objects(now: datetime) -> dict[str, str]:
    """Create one object of each kind in the current business, and return what to put for each parameter."""
    client = ClientFactory(name="Ana Pereira", email="ana@example.com")
    return {parameter: str(create(client, now)) for parameter, create in OBJECTS.items()} | CHOICES
