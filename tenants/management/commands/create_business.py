"""Create a business: its schema, its portal address and its first owner."""

from django.core.management.base import BaseCommand, CommandError

from tenants import database_clock, pooling
from tenants.hostnames import SlugRejected, build_portal_url
from tenants.provisioning import create_business
from tenants.schema_snapshots import MissingSchemaSnapshot
from tenants.validators import InvalidBusiness


class Command(BaseCommand):
    help = "Create a business: its schema, its portal address and its first owner. It is live immediately."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--slug", required=True, help="the portal's address below the portal domain")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument(
            "--country", default="GB", help="two letters; the country of phone numbers without a prefix"
        )
        parser.add_argument("--currency", default="GBP", help="three letters")
        parser.add_argument("--time-zone", default="Europe/London")
        parser.add_argument("--language", default="en")

    def handle(self, *, name, slug, owner, country, currency, time_zone, language, **options):
        pooling.assert_session_pooling()
        try:
            business = create_business(
                name=name,
                slug=slug,
                owner_email=owner,
                country=country,
                currency=currency,
                time_zone=time_zone,
                language=language,
                now=database_clock.now(),
            )
        except (SlugRejected, InvalidBusiness, MissingSchemaSnapshot) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{business.name} is live at {build_portal_url(business)}"))
