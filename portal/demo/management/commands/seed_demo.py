"""Command that creates the demo's businesses unless they exist."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.services import BUSINESSES, seed_business
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.schema_snapshots import MissingSchemaSnapshot


class Command(BaseCommand):
    help = "Create Acme and Globex with clients and a history. Existing data is not changed."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo: Acme and Globex do not belong here. Set DEMO=true on a demo platform."
            )
        for slug in BUSINESSES:
            try:
                business = seed_business(slug, now=database_clock.now())
            except MissingSchemaSnapshot as error:
                raise CommandError(str(error)) from error
            message = f"{business.name} is at {build_portal_url(business)}" if business else f"{slug} is there already."
            self.stdout.write(self.style.SUCCESS(message))
