"""What happens when somebody sends the contact form? It is written down, and that is all the page waits for.

Whether the person is known makes no difference to that, neither in what is done nor in how long
it takes: a worker finds out later, in portal.intake.services.settling.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.intake.models import Submission
from tenants.models import Business, Queue
from workers.queue import enqueue


@dataclass(frozen=True)
class Enquiry:
    """What somebody typed, in its normal form; `ticket` is the form's own, `network` where it came from."""

    ticket: uuid.UUID
    name: str
    identifiers: list[Identifier]
    network: str
    message: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    language: str = ""

    def value(self, kind: Contact.Kind) -> str:
        """Return the address of a kind, or an empty string."""
        return next((one.value for one in self.identifiers if one.kind == kind), "")


@transaction.atomic
def receive(*, business: Business, enquiry: Enquiry, client: Client | None = None, now: datetime) -> None:
    """Write down what was typed, once per ticket, and ring for somebody to look the sender up.

    `client` is the one who is signed in, if anybody is; nobody has to be looked up then.
    """
    [submission] = Submission.objects.bulk_create([_submission(enquiry, client, now=now)], ignore_conflicts=True)
    ids = {"business_id": business.pk, "submission_id": submission.pk}
    transaction.on_commit(lambda: enqueue("match_enquiry", queue=Queue.NOTICES, **ids))


def _submission(enquiry: Enquiry, client: Client | None, *, now: datetime) -> Submission:
    return Submission(
        ticket=enquiry.ticket,
        client_id=client.pk if client else None,
        name=enquiry.name,
        email=enquiry.value(Contact.Kind.EMAIL),
        mobile=enquiry.value(Contact.Kind.PHONE),
        message=enquiry.message,
        custom=enquiry.custom,
        language=enquiry.language,
        network_digest=salted_hmac("portal.intake.network", enquiry.network, algorithm="sha256").digest(),
        received_at=now,
    )
