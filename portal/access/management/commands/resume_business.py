"""The command that resumes a suspended business."""

from django.db import transaction

from portal.access.services import revoke_all_clients_access
from tenants import database_clock
from tenants.context import use_business
from tenants.hostnames import build_portal_url
from tenants.management.business_command import BusinessCommand
from tenants.provisioning import resume_business


class Command(BusinessCommand):
    help = "Resume a suspended business. Its clients have to sign in again."

    @transaction.atomic
    def handle(self, *, business, **options):
        business = self.find_business_by_slug(business)
        with use_business(business):
            # Somebody may have signed in before all processes knew of the suspension.
            revoke_all_clients_access(now=database_clock.now())
        resume_business(business=business)
        self.stdout.write(self.style.SUCCESS(f"{business.name} is open again at {build_portal_url(business)}"))
