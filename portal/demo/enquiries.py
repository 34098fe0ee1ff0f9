"""Enquiries that came by the contact form before the demo began, with suggestions to decide on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.clients.models import Client, Suggestion
from portal.clients.services import suggestions
from portal.intake.models import Enquiry

FORM = Client.Source.CONTACT_FORM
READ_ENQUIRY = {
    "name": "Ana Pereira",
    "email": "ana@example.com",
    "message": "Thank you for the plan. May I bring my own towel next time, and is there somewhere to park a bicycle?",
}
CHANGED_DETAILS = {
    "name": "Ana Pereira-Costa",
    "email": "ana@example.com",
    "mobile": "+447700900199",
    "message": "My name and my number have changed. Could you please note them?",
}
SHARED_MAILBOX_ENQUIRY = {
    "name": "Familie Brandt",
    "email": "family@example.com",
    "message": "We would both like to come in the second week of next month, one after the other if that is possible.",
}


def seed_enquiries(clients: list[Client], *, reader: str, now: datetime) -> None:
    """Insert three enquiries for the current business, all of them older than a day."""
    by_name = {client.name: client for client in clients}
    ana, brandts = by_name.get("Ana Pereira"), [client for client in clients if client.name.endswith("Brandt")]
    if ana is None or not brandts:
        return
    read_at = now - timedelta(days=11)
    _create_enquiry(READ_ENQUIRY, read_at - timedelta(hours=3), client=ana, read_at=read_at, reader_name=reader)
    changed = _create_enquiry(CHANGED_DETAILS, now - timedelta(days=3, hours=5), client=ana)
    for kind, value in ((Suggestion.Kind.NAME, changed.name), (Suggestion.Kind.PHONE, changed.mobile)):
        _create_suggestion(changed, kind, value, client=ana)
    shared = _create_enquiry(SHARED_MAILBOX_ENQUIRY, now - timedelta(days=2, hours=2), client=None)
    _create_suggestion(
        shared, Suggestion.Kind.AMBIGUOUS, shared.name, client=None, clients=[str(client.pk) for client in brandts]
    )


def _create_enquiry(fields: dict[str, str], at: datetime, *, client: Client | None, **attributes: Any) -> Enquiry:
    match_result = Enquiry.MatchResult.KNOWN if client else Enquiry.MatchResult.AMBIGUOUS
    metadata = {"idempotency_key": uuid4(), "network_digest": bytes(32), "received_at": at, "processed_at": at}
    return Enquiry.objects.create(**fields, **metadata, client=client, match_result=match_result, **attributes)


def _create_suggestion(
    enquiry: Enquiry, kind: Suggestion.Kind, value: str, *, client: Client | None, **data: Any
) -> None:
    data |= {"enquiry": str(enquiry.pk), "name": enquiry.name, "email": enquiry.email}
    suggestions.add_suggestion(
        client=client, kind=kind, value=value, submitted_data=data, source=FORM, now=enquiry.received_at
    )
