"""List the tickets that businesses opened with support; show, answer or close one."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.signin_support.support_tickets import answer_ticket_as_support, close_ticket_as_support
from tenants import database_clock, support_tickets
from tenants.context import use_business
from tenants.models import SupportTicket


class Command(BaseCommand):
    """Lists, shows, answers and closes tickets; the business's staff are notified of an answer and of the end."""

    help = "List open support tickets of every business, the oldest first; with an id, show, answer or close that one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept a ticket's id, an answer, and whether to close it."""
        parser.add_argument("id", nargs="?", help="the ticket to show")
        parser.add_argument("--answer", metavar="TEXT", help="what the business is to read; name nobody")
        parser.add_argument("--close", action="store_true", help="close it, after the answer if there is one")

    def handle(self, *, id: str | None, answer: str | None, close: bool, **options: Any) -> None:  # noqa: A002 - the word people type
        """List open tickets, or answer, close or show one."""
        if id is None:
            if answer or close:
                raise CommandError("Give the id of the ticket.")
            self._list_open_tickets()
            return
        ticket = self._get_ticket(id)
        if answer:
            self._report_result(self._run_in_business(ticket, answer_ticket_as_support, text=answer), "Answered.")
        if close:
            self._report_result(self._run_in_business(ticket, close_ticket_as_support), "Closed.")
        if not answer and not close:
            self._print_ticket(ticket)

    def _list_open_tickets(self) -> None:
        open_tickets = list(support_tickets.list_open_tickets())
        for ticket in open_tickets:
            who = ticket.opened_by.email if ticket.opened_by else "somebody who left"
            when = f"{ticket.opened_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{ticket.pk}  {when}  {ticket.business.name}  {who}  {ticket}")
        if not open_tickets:
            self.stdout.write("There are no open tickets.")

    def _get_ticket(self, key: str) -> SupportTicket:
        ticket = SupportTicket.objects.filter(pk=key).select_related("business").first() if _is_uuid(key) else None
        if ticket is None:
            raise CommandError(f"There is no ticket {key}.")
        return ticket

    def _run_in_business(self, ticket: SupportTicket, action: Any, **fields: str) -> bool:
        with use_business(ticket.business):
            return action(ticket=ticket, now=database_clock.now(), **fields)

    def _report_result(self, is_done: bool, text: str) -> None:
        if not is_done:
            raise CommandError("This ticket is already closed.")
        self.stdout.write(text)

    def _print_ticket(self, ticket: SupportTicket) -> None:
        self.stdout.write(f"{ticket.business.name}: {ticket} ({ticket.state}, {ticket.opened_at:%Y-%m-%d %H:%M})")
        if ticket.answer:
            self.stdout.write(f"Answered: {ticket.answer}")
        self.stdout.write(json.dumps(ticket.snapshot, indent=2, ensure_ascii=False))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
