"""List the tickets that businesses opened with support, or show one with its timeline."""

import json

from django.core.management.base import BaseCommand, CommandError

from tenants import tickets
from tenants.models import Ticket


class Command(BaseCommand):
    help = "List open support tickets of every business, the oldest first; with an id, show that one's timeline."

    def add_arguments(self, parser):
        parser.add_argument("id", nargs="?", help="the ticket to show")

    def handle(self, *, id, **options):  # noqa: A002 - the word people type
        if id:
            self._show(id)
            return
        waiting = list(tickets.waiting())
        for ticket in waiting:
            who = ticket.opened_by.email if ticket.opened_by else "somebody who left"
            self.stdout.write(
                f"{ticket.pk}  {ticket.opened_at:%Y-%m-%d %H:%M}  {ticket.business.name}  {who}  {ticket}"
            )
        if not waiting:
            self.stdout.write("No ticket is open.")

    def _show(self, key):
        ticket = Ticket.objects.filter(pk=key).select_related("business").first() if _is_id(key) else None
        if ticket is None:
            raise CommandError(f"There is no ticket {key}.")
        self.stdout.write(f"{ticket.business.name}: {ticket} ({ticket.state}, {ticket.opened_at:%Y-%m-%d %H:%M})")
        self.stdout.write(json.dumps(ticket.snapshot, indent=2, ensure_ascii=False))


def _is_id(text):
    from uuid import UUID

    try:
        UUID(text)
    except ValueError:
        return False
    return True
