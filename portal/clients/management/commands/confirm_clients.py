"""Confirm clients from public forms whose addresses were confirmed by servers of an older release."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.activity.models import Entry
from portal.clients.models import Client, Contact
from portal.clients.services.confirmation_history import confirm_clients_by_history
from tenants.context import use_business
from tenants.models import Business


class Command(BaseCommand):
    """Confirms clients in every business; running it again confirms nobody else."""

    help = "Confirm clients from public forms for whom staff or a list vouched; run it after a deployment."

    def handle(self, **options: Any) -> None:
        """Confirm them, and name each business that has some, or say that none has."""
        is_done = True
        for business in Business.objects.order_by("created_at", "pk"):
            with use_business(business):
                count = confirm_clients_by_history(
                    Client.objects.all(), contacts=Contact.objects.all(), entries=Entry.objects.all()
                )
            if count:
                is_done = False
                self.stdout.write(f"{business.name}: {count} confirmed")
        if is_done:
            self.stdout.write("Nobody was left to confirm.")
