"""Enquiries that came to a demo business by the contact form, with suggestions to decide on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.clients.models import Client, SuggestionKind
from portal.clients.services import suggestions
from portal.intake.kinds import IntakeClientSource
from portal.intake.models import Enquiry
from tenants.nouns.demo_business import DemoBusiness

# The demo business whose clients sent the enquiries below.
SLUG_WITH_ENQUIRIES = "acme"
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
FAMILY_ENQUIRY = {
    "name": "Familie Brandt",
    "email": "family@example.com",
    "message": "We would both like to come in the second week of next month, one after the other if that is possible.",
}


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Insert three enquiries, all of them older than a day, at the demo business whose clients sent them."""
    if demo_business.slug != SLUG_WITH_ENQUIRIES:
        return
    _seed_read_enquiry(demo_business)
    _seed_changed_details_enquiry(demo_business.now - timedelta(days=3, hours=5))
    _seed_family_enquiry(demo_business.now - timedelta(days=2, hours=2))


def _seed_read_enquiry(demo_business: DemoBusiness) -> None:
    read_at = demo_business.now - timedelta(days=11)
    reader = {"read_at": read_at, "reader_name": demo_business.staff.name}
    _create_enquiry(READ_ENQUIRY, read_at - timedelta(hours=3), client=_get_enquiring_client(READ_ENQUIRY), **reader)


def _seed_changed_details_enquiry(at: datetime) -> None:
    client = _get_enquiring_client(CHANGED_DETAILS)
    enquiry = _create_enquiry(CHANGED_DETAILS, at, client=client)
    for kind, value in ((SuggestionKind.NAME, enquiry.name), (SuggestionKind.PHONE, enquiry.mobile)):
        _create_suggestion(enquiry, kind, value, client=client)


def _seed_family_enquiry(at: datetime) -> None:
    enquiry = _create_enquiry(FAMILY_ENQUIRY, at, client=None)
    family = Client.objects.exclude_unlisted().filter(contacts__value=enquiry.email).order_by("name")
    client_ids = [str(client.pk) for client in family]
    _create_suggestion(enquiry, SuggestionKind.AMBIGUOUS, enquiry.name, client=None, clients=client_ids)


def _get_enquiring_client(fields: dict[str, str]) -> Client:
    return Client.objects.exclude_unlisted().get(contacts__value=fields["email"])


def _create_enquiry(fields: dict[str, str], at: datetime, *, client: Client | None, **attributes: Any) -> Enquiry:
    match_result = Enquiry.MatchResult.KNOWN if client else Enquiry.MatchResult.AMBIGUOUS
    metadata = {"idempotency_key": uuid4(), "network_digest": bytes(32), "received_at": at, "processed_at": at}
    return Enquiry.objects.create(**fields, **metadata, client=client, match_result=match_result, **attributes)


def _create_suggestion(
    enquiry: Enquiry, kind: SuggestionKind, value: str, *, client: Client | None, **data: Any
) -> None:
    data |= {"name": enquiry.name, "email": enquiry.email}
    suggestions.add_suggestion(
        client=client,
        kind=kind,
        value=value,
        submitted_data=data,
        source=IntakeClientSource.CONTACT_FORM,
        subject_id=enquiry.pk,
        now=enquiry.received_at,
    )
