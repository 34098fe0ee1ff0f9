"""Support tickets with whom they are about, which only the business may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.signin_support.models import ReportedIdentifier
from portal.signin_support.ticket_status import TicketStatus, describe_ticket
from tenants.models import SupportTicket


@dataclass(frozen=True)
class TicketRow:
    """A ticket with the client or the typed text it is about."""

    ticket: SupportTicket
    client: Client | None
    typed: str

    @property
    def status(self) -> TicketStatus:
        """Return what is said about the state of the ticket."""
        return describe_ticket(self.ticket)

    @property
    def subject(self) -> str:
        """Return who the ticket is about, as far as it is known."""
        if self.client:
            return self.client.name
        if self.typed:
            return _("Somebody who entered %(typed)s") % {"typed": self.typed}
        if self.ticket.client_id:
            return _("A client who is no longer on your list")
        return _("Somebody who is not on your list")


def build_ticket_rows(found: Sequence[SupportTicket]) -> list[TicketRow]:
    """Return these tickets with whom each is about, in two statements."""
    clients = Client.objects.exclude_unlisted().in_bulk([one.client_id for one in found if one.client_id])
    reported = ReportedIdentifier.objects.filter(ticket_id__in=[one.pk for one in found])
    typed = dict(reported.values_list("ticket_id", "typed"))
    return [
        TicketRow(one, clients.get(one.client_id) if one.client_id else None, typed.get(one.pk, "")) for one in found
    ]
