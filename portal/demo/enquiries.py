"""What had come by the contact form before the demo began? Something new to read, and something to decide."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.clients.models import Client, Suggestion
from portal.clients.services import suggestions
from portal.intake.models import Enquiry

FORM = Client.Source.CONTACT_FORM
READ = {
    "name": "Ana Pereira",
    "email": "ana@example.com",
    "message": "Thank you for the plan. May I bring my own towel next time, and is there somewhere to park a bicycle?",
}
DIFFERENT = {
    "name": "Ana Pereira-Costa",
    "email": "ana@example.com",
    "mobile": "+447700900199",
    "message": "My name and my number have changed. Could you please note them?",
}
SHARED = {
    "name": "Familie Brandt",
    "email": "family@example.com",
    "message": "We would both like to come in the second week of next month, one after the other if that is possible.",
}


def write_enquiries(clients: list[Client], *, reader: str, now: datetime) -> None:
    """Write what three people sent to the business whose schema this thread works in, before the last day began."""
    by_name = {client.name: client for client in clients}
    ana, brandts = by_name.get("Ana Pereira"), [one for one in clients if one.name.endswith("Brandt")]
    if ana is None or not brandts:
        return
    read_at = now - timedelta(days=11)
    _sent(READ, read_at - timedelta(hours=3), client=ana, read_at=read_at, reader_name=reader)
    different = _sent(DIFFERENT, now - timedelta(days=3, hours=5), client=ana)
    for kind, value in ((Suggestion.Kind.NAME, different.name), (Suggestion.Kind.PHONE, different.mobile)):
        _wait(different, kind, value, client=ana)
    shared = _sent(SHARED, now - timedelta(days=2, hours=2), client=None)
    _wait(shared, Suggestion.Kind.AMBIGUOUS, shared.name, client=None, clients=[str(one.pk) for one in brandts])


def _sent(typed: dict[str, str], at: datetime, *, client: Client | None, **facts: Any) -> Enquiry:
    match_result = Enquiry.MatchResult.KNOWN if client else Enquiry.MatchResult.AMBIGUOUS
    place = {"idempotency_key": uuid4(), "network_digest": bytes(32), "received_at": at, "processed_at": at}
    return Enquiry.objects.create(**typed, **place, client=client, match_result=match_result, **facts)


def _wait(enquiry: Enquiry, kind: Suggestion.Kind, value: str, *, client: Client | None, **typed: Any) -> None:
    typed |= {"enquiry": str(enquiry.pk), "name": enquiry.name, "email": enquiry.email}
    suggestions.add_suggestion(
        client=client, kind=kind, value=value, submitted_data=typed, source=FORM, now=enquiry.received_at
    )
