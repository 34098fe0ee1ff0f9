"""Store a contact form that was sent, and enqueue its matching.

Whether the sender is known makes no difference to what is done here or how long it takes: a worker
finds out later, by portal.intake.services.enquiry_matching.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, ContactKind
from portal.intake.kinds import IntakeJob
from portal.intake.models import Enquiry
from tenants.keyed_digests import compute_keyed_digest
from tenants.models import Business
from workers.queue import enqueue_row_job


@dataclass(frozen=True)
class EnquiryData:
    """What somebody typed into the contact form, normalised. `network` is the network it was sent from."""

    idempotency_key: uuid.UUID
    name: str
    identifiers: list[Identifier]
    network: str
    message: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    language: str = ""

    def get_address(self, kind: ContactKind) -> str:
        """Return the address of a kind, or an empty text."""
        return next((identifier.value for identifier in self.identifiers if identifier.kind == kind), "")


@transaction.atomic
def receive_enquiry(*, business: Business, data: EnquiryData, client: Client | None = None, now: datetime) -> None:
    """Store an enquiry, once per idempotency key, and enqueue its matching.

    `client` is the client who is signed in, if any; then the enquiry is theirs.
    """
    [enquiry] = Enquiry.objects.bulk_create([_build_enquiry(data, client, now=now)], ignore_conflicts=True)
    ids = {"business_id": business.pk, "row_id": enquiry.pk}
    transaction.on_commit(lambda: enqueue_row_job(IntakeJob.MATCH_ENQUIRY, **ids))


def _build_enquiry(data: EnquiryData, client: Client | None, *, now: datetime) -> Enquiry:
    return Enquiry(
        idempotency_key=data.idempotency_key,
        client_id=client.pk if client else None,
        name=data.name,
        email=data.get_address(ContactKind.EMAIL),
        mobile=data.get_address(ContactKind.PHONE),
        message=data.message,
        custom=data.custom,
        language=data.language,
        network_digest=compute_keyed_digest("portal.intake.network", data.network).current,
        received_at=now,
    )
