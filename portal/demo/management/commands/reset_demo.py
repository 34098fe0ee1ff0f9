"""Command that deletes and recreates the demo's businesses."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo.services import BUSINESSES, remove_business


class Command(BaseCommand):
    help = "Delete Acme and Globex with all their data, and create them again. In the demo only."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("This is not a demo: reset_demo would delete real businesses.")
        for slug in BUSINESSES:
            remove_business(slug)
        call_command("seed_demo", stdout=self.stdout)
