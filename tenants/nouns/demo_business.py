"""What a noun is told about a demo business to seed its sample data."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from tenants.staff.staff_actor import StaffActor

if TYPE_CHECKING:
    from tenants.models import Business


@dataclass(frozen=True)
class DemoBusiness:
    """A demo business that is being seeded, with its schema selected. `staff` appears as the author of its data.

    Nouns are seeded in the order of INSTALLED_APPS: the rows of an earlier one are in the database.
    """

    slug: str
    business: "Business"
    staff: StaffActor
    now: datetime

    def create_random(self, subject: str) -> Random:
        """Return a generator of random numbers that are the same each time for this business and subject."""
        return Random(f"{self.slug} {subject}")  # noqa: S311  (sample data, not a secret)
