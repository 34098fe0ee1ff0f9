"""A base class for management commands with `--business SLUG`."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import pooling
from tenants.models import Business


class BusinessCommand(BaseCommand):
    """A command about one business, found by its current or a former slug."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the required option --business."""
        parser.add_argument("--business", required=True, metavar="SLUG", help="the business's portal address")

    def find_business_by_slug(self, slug: str) -> Business:
        """Return the business with this slug, current or former, after checking the pooler. Raises CommandError."""
        pooling.assert_session_pooling()
        business = Business.objects.filter(hostnames__slug=slug).first()
        if business is None:
            raise CommandError(f"No business has the address “{slug}”.")
        return business
