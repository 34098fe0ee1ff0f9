"""Open a suspended business's portal again."""

from tenants.addresses import portal_url
from tenants.management.business_command import BusinessCommand
from tenants.provisioning import resume_business


class Command(BusinessCommand):
    help = "Resume a suspended business. Its clients sign in afresh."

    def handle(self, *, business, **options):
        business = self.business(business)
        resume_business(business=business)
        self.stdout.write(self.style.SUCCESS(f"{business.name} is open again at {portal_url(business)}"))
