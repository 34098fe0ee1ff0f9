"""The command by which operators erase a client where staff can't: at a suspended business."""

from uuid import UUID

from django.core.management.base import CommandError

from portal.cards.services import erase_client
from portal.clients.models import Client
from portal.clients.services import identify_person
from portal.ui.person_mentions import MentionMatcher
from tenants import database_clock
from tenants.context import use_business
from tenants.management.business_command import BusinessCommand
from tenants.models import Business
from tenants.nouns.personal_data_policies import ErasureRefused
from tenants.text_cleaning import clean_line

MAX_REASON_LENGTH = 300


class Command(BusinessCommand):
    help = (
        "Erase a client's personal data for good, as the page of the console does, also at a suspended business. "
        "The reason stands on the business's timeline."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--client", required=True, type=UUID, metavar="ID", help="the id in the card's address")
        parser.add_argument("--reason", required=True, help="why, for the business to read; name nobody")

    def handle(self, *, business, client, reason, **options):
        business = self.find_business_by_slug(business)
        reason = clean_line(reason)
        if not 1 <= len(reason) <= MAX_REASON_LENGTH:
            raise CommandError(f"A reason has 1 to {MAX_REASON_LENGTH} characters.")
        with use_business(business):
            self._erase(business, client, reason)
        self.stdout.write(self.style.SUCCESS(f"Erased. An anonymous card of {business.name} remains."))

    def _erase(self, business: Business, client_id: UUID, reason: str) -> None:
        client = Client.objects.exclude_unlisted().filter(pk=client_id).first()
        if client is None:
            raise CommandError(f"{business.name} has no client {client_id}, or they are erased already.")
        matcher = MentionMatcher(identify_person(client.ids_with_merged(), country=business.country))
        if matcher.is_about(reason) or matcher.has_name(reason):
            raise CommandError("The reason names the client. It stays on the timeline, so it may name nobody.")
        try:
            erase_client(client=client, business=business, staff=None, reason=reason, now=database_clock.now())
        except ErasureRefused as refused:
            raise CommandError(str(refused)) from refused
