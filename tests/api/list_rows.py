"""Adds rows to each list of the business API, where each has a client, a person and the like of its own.

Whatever is read once for each row, or for each tag or address of a row, takes more statements with more rows.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.list_query import build_query_string
from portal.clients.models import Client, Contact, CustomField, Note, SavedView, Suggestion, SuggestionKind, Tag
from portal.clients.services import SearchQuery
from portal.clients.uploads.models import RowOutcome, UploadRow
from portal.integrations.models import WebhookAttempt, WebhookEndpoint, WebhookEvent
from portal.messaging.message_templates.editable_wording import list_editable_kinds
from portal.messaging.models import ChatMessage, MessageTemplate, Notification
from portal.signin_support.models import ReportedIdentifier
from tenants.context import get_current_business
from tenants.models import (
    Channel,
    CustomDomain,
    Invitation,
    Membership,
    Role,
    SmsPriority,
    SmsStop,
    SmsStopReason,
    SupportTicket,
)
from tests.api.request_examples import Ids
from tests.api.scheduling import objects as scheduling
from tests.api.scheduling import package_objects as packages
from tests.api.scheduling.waiting_list_objects import create_entry
from tests.attacks.api_objects import create_bulk_upsert, create_enquiry, create_message, create_passkey
from tests.factories import ClientFactory, ClientSessionFactory, ContactFactory, create_member

AddRow = Callable[[Ids, int], object]


def get_client(ids: Ids) -> Client:
    """Return the client of the paths."""
    return Client.objects.get(pk=ids["client_id"])


def add_address(client: Client, value: str) -> Contact:
    """Add an address to a client's card. Its key is none that a factory counts, which starts anew in each test."""
    return ContactFactory(id=uuid4(), client=client, value=value)


def add_details(client: Client, ids: Ids, number: int) -> None:
    """Give a client three more addresses, two tags, and two values of custom fields."""
    for part in range(3):
        add_address(client, f"client-{client.pk}-{number}-{part}@example.com")
    client.tags.add(*(Tag.objects.create(name=f"Tag {number} {part} of {client.name}"[:40]) for part in range(2)))
    client.custom |= {ids["field_id"]: "38", str(CustomField.objects.create(name=f"Field {uuid4()}").pk): "blue"}
    client.save(update_fields=["custom"])


def add_client(ids: Ids, number: int) -> Client:
    """Add a client with several addresses, tags and custom values."""
    client = ClientFactory(id=uuid4(), name=f"Client {number}")
    add_address(client, f"row-{number}@example.com")
    add_details(client, ids, number)
    return client


def add_person(number: int) -> Membership:
    """Add a member of the team."""
    return create_member(get_current_business(), Role.STAFF)


def add_details_to_client(ids: Ids, number: int) -> None:
    """Give the client of the paths more details."""
    add_details(get_client(ids), ids, number)


def add_timeline_entry(client: Client, ids: Ids) -> Entry:
    """Record a change of a client by a person who did nothing else."""
    person = add_person(0).person
    return activity.record_event(
        ClientEvent.CHANGED,
        client=client,
        at=timezone.now(),
        actor=Entry.Actor.STAFF,
        actor_id=person.pk,
        actor_name=person.name,
        before={"name": "Ann", "custom": {ids["field_id"]: "36"}},
        after={"name": "Ana", "custom": {ids["field_id"]: "38"}},
    )


def add_question(ids: Ids, number: int) -> None:
    """Add two rows to the upload that only people can decide, and one with an error."""
    client, fields = add_client(ids, number), {"upload_id": ids["upload_id"], "outcome": RowOutcome.REVIEW}
    first, emails = 1000 + 3 * number, [f"row-{number}@example.com"]
    UploadRow.objects.create(number=first, name="Bo", emails=emails, reason="other-name", **fields)
    about = {"reason": "same-name", "reason_detail": str(first), "client_id": client.pk}
    UploadRow.objects.create(number=first + 1, name="Bo", emails=["bo@example.com"], **about, **fields)
    failed = fields | {"outcome": RowOutcome.ERROR, "reason": "no-address"}
    UploadRow.objects.create(number=first + 2, name="Bo", **failed)


def add_saved_view(ids: Ids, number: int) -> SavedView:
    """Add a shared view of the clients who have a tag."""
    search = SearchQuery(tags=(Tag.objects.create(name=f"Viewed {number}").pk,))
    query = build_query_string(search, sort="name")
    return SavedView.objects.create(name=f"View {number}", query=query, created_at=timezone.now())


def add_chat_message(client: Client, *, is_latest: bool) -> ChatMessage:
    """Add a message of a client's to their conversation."""
    fields = {"sender": "client", "body": "Hello.", "written_at": timezone.now(), "is_latest": is_latest}
    return ChatMessage.objects.create(client=client, **fields)


def add_message_template(ids: Ids, number: int) -> MessageTemplate:
    """Add a wording of one of the mails."""
    kinds = [*list_editable_kinds(Channel.EMAIL)]
    language = ("en", "de")[number // len(kinds)]
    fields = {"kind": kinds[number % len(kinds)], "subject": "News", "body": "Hello.", "changed_at": timezone.now()}
    return MessageTemplate.objects.create(language=language, **fields)


def add_suggestion(ids: Ids, number: int) -> None:
    """Add a suggestion for one client, and one for an enquiry that matches two."""
    client, now = add_client(ids, number), timezone.now()
    fields = {"source": "contact-form", "created_at": now}
    Suggestion.objects.create(client=client, kind=SuggestionKind.NAME, value="Bo", subject_id=uuid4(), **fields)
    candidates = {"clients": [str(client.pk), ids["client_id"]]}
    enquiry = create_enquiry(client, now)
    Suggestion.objects.create(kind=SuggestionKind.AMBIGUOUS, submitted_data=candidates, subject_id=enquiry.pk, **fields)


def add_invitation(ids: Ids, number: int) -> Invitation:
    """Add an invitation by a person who invited nobody else."""
    now = timezone.now()
    times = {"created_at": now, "sent_at": now, "expires_at": now + timedelta(days=7)}
    return Invitation.objects.create(
        business=get_current_business(),
        email=f"new-{number}@example.com",
        role=Role.STAFF,
        token_digest=uuid4().bytes,
        invited_by=add_person(number).person,
        **times,
    )


def add_webhook(ids: Ids, number: int) -> WebhookEndpoint:
    """Add a webhook like the first one."""
    webhook = WebhookEndpoint.objects.get(pk=ids["webhook_id"])
    webhook.pk, webhook.url = uuid4(), f"https://hooks-{number}.example.com/"
    webhook.save(force_insert=True)
    return webhook


def add_webhook_attempt(ids: Ids, number: int) -> WebhookAttempt:
    """Add an attempt to send an event about another client to the webhook."""
    client, now = add_client(ids, number), timezone.now()
    event = WebhookEvent.objects.create(
        id=uuid4(), event_type="client.updated", at=now, client=client, body="{}", created_at=now
    )
    fields = {"url": "https://hooks.example.com/", "number": 1, "duration_ms": 1, "status": 200, "succeeded": True}
    return WebhookAttempt.objects.create(endpoint_id=ids["webhook_id"], event=event, at=now, **fields)


def add_ticket(ids: Ids, number: int) -> None:
    """Add a ticket about a client and one about what somebody typed, each opened by another person."""
    business, now = get_current_business(), timezone.now()
    clients = add_client(ids, number).pk, None
    for client_id in clients:
        fields = {"opened_by": add_person(number).person, "client_id": client_id, "opened_at": now}
        ticket = SupportTicket.objects.create(business=business, subject="Code missing", **fields)
    typed = f"nobody-{number}@example.com"
    ReportedIdentifier.objects.create(ticket_id=ticket.pk, typed=typed, value=typed, created_at=now)


def add_stop(ids: Ids, number: int) -> SmsStop:
    """Add a stop of the texts of another country or range."""
    now = timezone.now()
    fields = {"reason": SmsStopReason.RANGE, "area": f"+4477009001{number}", "priority": SmsPriority.CHOSEN}
    times = {"started_at": now, "ends_at": now + timedelta(days=1)}
    return SmsStop.objects.create(business=get_current_business(), **fields, **times)


def add_session(ids: Ids, number: int) -> ClientSession:
    """Sign the client of the paths in on one more device."""
    return ClientSessionFactory(id=uuid4(), client=get_client(ids), token_digest=uuid4().bytes * 2)


ROWS: dict[str, AddRow] = {
    "list_clients": add_client,
    "export_clients": add_client,
    "get_client": add_details_to_client,
    "list_contacts": add_details_to_client,
    "list_client_tags": add_details_to_client,
    "list_tags": add_client,
    "list_custom_fields": add_details_to_client,
    "list_notes": lambda ids, number: Note.objects.create(
        client_id=ids["client_id"], body="Called.", author_id=uuid4(), author_name="Sam", created_at=timezone.now()
    ),
    "list_client_timeline": lambda ids, number: add_timeline_entry(get_client(ids), ids),
    "list_activity": lambda ids, number: add_timeline_entry(add_client(ids, number), ids),
    "export_activity": lambda ids, number: add_timeline_entry(add_client(ids, number), ids),
    "list_client_sessions": add_session,
    "list_client_passkeys": lambda ids, number: create_passkey(get_client(ids), timezone.now()),
    "list_saved_views": add_saved_view,
    "list_uploads": lambda ids, number: create_bulk_upsert(add_client(ids, number), timezone.now()),
    "list_upload_rows": add_question,
    "list_bulk_upsert_results": add_question,
    "download_failed_upload_rows": add_question,
    "list_conversations": lambda ids, number: add_chat_message(add_client(ids, number), is_latest=True),
    "list_chat_messages": lambda ids, number: add_chat_message(get_client(ids), is_latest=False),
    "list_messages": lambda ids, number: create_message(add_client(ids, number), timezone.now()),
    "list_message_templates": add_message_template,
    "list_notifications": lambda ids, number: Notification.objects.create(
        person_id=ids["owner_id"], kind="new-message", subject_id=uuid4(), at=timezone.now()
    ),
    "list_enquiries": lambda ids, number: create_enquiry(add_client(ids, number), timezone.now()),
    "list_suggestions": add_suggestion,
    "list_members": lambda ids, number: add_person(number),
    "list_invitations": add_invitation,
    "list_custom_domains": lambda ids, number: CustomDomain.objects.create(
        business=get_current_business(), domain=f"portal-{number}.acme.example", created_at=timezone.now()
    ),
    "list_recent_sign_in_failures": lambda ids, number: activity.record_event(
        AccessEvent.CHALLENGE_LOCKED, client=add_client(ids, number), at=timezone.now()
    ),
    "list_webhooks": add_webhook,
    "list_webhook_attempts": add_webhook_attempt,
    "list_support_tickets": add_ticket,
    "list_sms_stops": add_stop,
    "list_services": lambda ids, number: scheduling.create_service(f"Service {number}", timezone.now()),
    "list_staff_calendars": lambda ids, number: scheduling.create_calendar(f"Calendar {number}", timezone.now()),
    "list_opening_hours": scheduling.add_opening_hours,
    "list_hours_exceptions": scheduling.add_exception,
    "list_outside_calendars": lambda ids, number: scheduling.create_outside_calendar(
        ids["calendar_id"], timezone.now()
    ),
    "list_blocked_times": scheduling.add_blocked_time,
    "list_resources": lambda ids, number: scheduling.create_resource(f"Room {number}", timezone.now()),
    "list_session_packages": lambda ids, number: packages.create_package(number),
    "list_waiting_list_entries": lambda ids, number: create_entry(add_client(ids, number), timezone.now()),
    "list_client_packages": lambda ids, number: packages.give_package(add_client(ids, number), timezone.now()),
    "list_package_sessions": packages.take_session,
    "list_appointments": lambda ids, number: scheduling.create_appointment(add_client(ids, number), timezone.now()),
}
