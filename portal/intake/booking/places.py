"""Where the booking pages are shown: in the portal, or in a frame of another website."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class BookingPlace:
    """The names of the pages of one place, and whether it knows its visitor.

    In a frame it doesn't: browsers send no cookies to a frame on another site.
    """

    name_prefix: str
    knows_visitor: bool

    @property
    def services_url(self) -> str:
        """Return the address of the list of services."""
        return self.build_url("services")

    def build_url(self, name: str, *arguments: object) -> str:
        """Return the address of a page."""
        return reverse(f"booking:{self.name_prefix}{name}", args=[str(argument) for argument in arguments])


PORTAL_PLACE = BookingPlace("", knows_visitor=True)
EMBEDDED_PLACE = BookingPlace("embedded-", knows_visitor=False)
