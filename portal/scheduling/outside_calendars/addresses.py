"""The addresses of outside calendars: how they are written, and which are our own feeds."""

import re
from urllib.parse import unquote, urlsplit

from portal.scheduling.models import CalendarFeed
from tenants import tokens
from tenants.webhooks.destinations import parse_destination

MAX_ADDRESS_LENGTH = 1000
CALENDAR_SCHEME = re.compile(r"webcals?://", re.IGNORECASE)
FEED_PATH = re.compile(r"/feeds/([^/]+)\.ics/?")


class OwnFeed(Exception):
    """The address is that of a feed of this business."""


def clean_address(address: str) -> str:
    """Return an address as it is fetched: `webcal` stands for `https`. Raises InvalidDestination and OwnFeed."""
    url = CALENDAR_SCHEME.sub("https://", address.strip(), count=1)
    parse_destination(url)
    require_other_feed(url)
    return url


def require_other_feed(url: str) -> None:
    """Check that an address is not that of a feed of this business, on whatever host. Raises OwnFeed."""
    found = FEED_PATH.fullmatch(unquote(urlsplit(url).path))
    if found and CalendarFeed.objects.filter(token_digest=tokens.digest_token(found[1])).exists():
        raise OwnFeed
