"""What the console says about the state of a support ticket."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.models import SupportTicket, TicketState


@dataclass(frozen=True)
class TicketStatus:
    """The state of a ticket, in a word and in a sentence."""

    label: str | Promise
    text: str | Promise


ANSWERED = TicketStatus(_("answered"), _("Support has replied."))
OPEN = TicketStatus(_("open"), _("Support is looking into it."))


def describe_ticket(ticket: SupportTicket) -> TicketStatus:
    """Return the status of a ticket."""
    if ticket.state == TicketState.CLOSED:
        return TicketStatus(_("closed"), gettext("Closed: %(why)s") % {"why": ticket.get_resolution_display()})
    return ANSWERED if ticket.answered_at else OPEN
