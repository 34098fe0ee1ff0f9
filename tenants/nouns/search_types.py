"""What the console's search asks of a noun, and what a noun returns."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from tenants.staff.request_types import StaffRequest

# A source returns at most as many results.
RESULTS_PER_SOURCE = 8


@dataclass(frozen=True)
class SearchParams:
    """One search: the text that was entered, the HTTP request it came with, and the time."""

    text: str
    http_request: "StaffRequest"
    now: datetime


@dataclass(frozen=True)
class SearchResult:
    """One thing that was found: its name, where it is, and a detail that tells it from others of the same name."""

    label: str | Promise
    url: str
    icon: str
    detail: str | Promise = ""
