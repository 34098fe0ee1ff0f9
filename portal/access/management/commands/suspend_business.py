"""The command that suspends a business."""

from django.db import transaction

from portal.access.services import revoke_all_clients_access
from tenants import database_clock
from tenants.context import use_business
from tenants.management.business_command import BusinessCommand
from tenants.provisioning import suspend_business


class Command(BusinessCommand):
    help = "Suspend a business: its portal closes, and everybody is signed out within seconds."

    @transaction.atomic
    def handle(self, *, business, **options):
        business = self.find_business_by_slug(business)
        suspend_business(business=business)
        with use_business(business):
            revoke_all_clients_access(now=database_clock.now())
        self.stdout.write(self.style.SUCCESS(f"{business.name} is suspended. `resume_business` opens it again."))
