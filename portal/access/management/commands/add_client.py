"""The command that adds a client to a business's list."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from portal.clients import identifiers
from portal.clients.models import Contact
from portal.clients.services import add_client
from tenants import database_clock
from tenants.context import use_business
from tenants.management.business_command import BusinessCommand
from tenants.text_cleaning import clean_line


class Command(BusinessCommand):
    help = "Add a client to a business. They can sign in immediately with any address given here."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--email", action="append", default=[], help="can be repeated")
        parser.add_argument("--mobile", action="append", default=[], help="can be repeated")
        languages = [code for code, _clean_name in settings.LANGUAGES]
        parser.add_argument("--language", default="", choices=languages, help="language of messages to this client")

    def handle(self, *, name, business, email, mobile, language, **options):
        business = self.find_business_by_slug(business)
        identifiers_given = self._parse_identifiers(email, mobile, country=business.country)
        name, now = self._clean_name(name), database_clock.now()
        with use_business(business), transaction.atomic():
            same_address = Contact.objects.confirmed().filter(value__in=[one.value for one in identifiers_given])
            same_address_contacts = list(same_address.select_related("client"))
            add_client(name=name, identifiers=identifiers_given, language=language, now=now)
        self.stdout.write(self.style.SUCCESS(f"{name} is a client of {business.name}."))
        for contact in same_address_contacts:
            self.stdout.write(
                f"{contact.value} is also on the card of {contact.client.name}; they select their name when they "
                f"sign in."
            )

    def _clean_name(self, name):
        name = clean_line(name)
        if not 1 <= len(name) <= 160:
            raise CommandError("A client's name has 1 to 160 characters.")
        return name

    def _parse_identifiers(self, emails, mobiles, *, country):
        if not emails and not mobiles:
            raise CommandError("Give at least one --email or --mobile; the client needs one to sign in.")
        try:
            return [
                *(identifiers.parse_email(typed) for typed in emails),
                *(identifiers.parse_phone(typed, country=country) for typed in mobiles),
            ]
        except identifiers.InvalidIdentifier as error:
            raise CommandError(str(error)) from error
