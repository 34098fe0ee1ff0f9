"""What pages say of somebody who waits: what for, and the time that they are offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.scheduling.appointment_pages import ShownTime
from portal.scheduling.models import PartOfDay, WaitingListEntry, WaitingListOffer
from portal.scheduling.services.waiting_list.entry_queries import get_open_offer
from tenants.models import Business


@dataclass(frozen=True)
class WaitingPage:
    """One entry of `query_entries` as a page shows it, by the clocks of `zone`."""

    entry: WaitingListEntry
    business: Business
    zone: ZoneInfo
    now: datetime

    @property
    def preferences(self) -> str:
        """Return the days and the time of day."""
        return describe_preferences(self.entry)

    @property
    def offer(self) -> WaitingListOffer | None:
        """Return the offer that can still be answered."""
        return get_open_offer(self.entry, now=self.now)

    @property
    def offered_time(self) -> ShownTime | None:
        """Return the time that is offered."""
        return ShownTime(self.offer.starts_at, self.offer.ends_at, self.zone, self.business) if self.offer else None

    @property
    def offer_url(self) -> str:
        """Return the address at which the client answers the offer."""
        return get_offer_url(self.offer.pk) if self.offer else ""


def build_waiting_pages(
    entries: Iterable[WaitingListEntry], business: Business, zone: ZoneInfo, *, now: datetime
) -> list[WaitingPage]:
    """Return entries of `query_entries` as pages show them."""
    return [WaitingPage(entry, business, zone, now) for entry in entries]


def describe_preferences(entry: WaitingListEntry) -> str:
    """Return on which days and at what time of day somebody would come."""
    first, last = (date_format(on, pgettext("date format", "j F Y")) for on in (entry.from_on, entry.until_on))
    days = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    if entry.part_of_day == PartOfDay.ANY:
        return days
    return f"{days} · {entry.get_part_of_day_display()}"


def get_offer_url(offer_id: UUID) -> str:
    """Return the address of an offer; nothing where the booking pages, of a package above this one, are missing."""
    try:
        return reverse("booking:offer", args=[offer_id])
    except NoReverseMatch:
        return ""
