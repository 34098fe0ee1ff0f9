"""How does a command on the shell come into a business? By `--business SLUG`."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import pooling
from tenants.models import Business


class BusinessCommand(BaseCommand):
    """A command about one business. It is found by its address, current or former."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the business before anything else."""
        parser.add_argument("--business", required=True, metavar="SLUG", help="the business's portal address")

    def get_business(self, slug: str) -> Business:
        """Return the business that has, or had, this slug, once it is certain that we would stay in its schema."""
        pooling.assert_session_pooling()
        business = Business.objects.filter(hostnames__slug=slug).first()
        if business is None:
            raise CommandError(f"No business has the address “{slug}”.")
        return business
