"""The addresses of calendar feeds, as their owners are shown them."""

from dataclasses import dataclass

from tenants.hostnames import build_portal_url
from tenants.models import Business


@dataclass(frozen=True)
class FeedAddress:
    """The secret address of a feed, and the same as a link that opens a calendar program."""

    url: str

    @property
    def subscription_url(self) -> str:
        """Return the address with the scheme that calendar programs have registered for themselves."""
        return f"webcal://{self.url.partition('://')[2]}"


def build_feed_address(business: Business, token: str) -> FeedAddress:
    """Return the address at which a feed of the business is read."""
    return FeedAddress(build_portal_url(business, f"/feeds/{token}.ics"))
