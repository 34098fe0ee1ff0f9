"""Bring the public schema, the template and every business up to date."""

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from tenants import database_clock, pooling
from tenants.schema_migrations import migrate_all


class Command(BaseCommand):
    help = "Migrate the public schema, the template and every business. Safe to repeat; continues where it stopped."
    requires_system_checks = [Tags.security]  # The others may ask for tables that are yet to come.

    def handle(self, *args, **options):
        pooling.assert_session_pooling()
        report = self.stdout.write if options["verbosity"] else lambda line: None
        failures = migrate_all(report=report, now=database_clock.now())
        if failures:
            raise CommandError(f"Not migrated: {'; '.join(sorted(failures))}. Fix the cause and run this again.")
        report(self.style.SUCCESS("Every schema is up to date."))
