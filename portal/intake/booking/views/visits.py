"""Who books, where, and by which clocks: what all booking pages need to know of a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.access.request_types import SessionRequest
from portal.branding.language_selection import select_time_zone
from portal.clients.models import Client
from portal.embeds.framing import list_embedding_origins
from portal.intake.booking.bookable_services import list_bookable_services
from portal.intake.booking.places import BookingPlace
from portal.scheduling.models import SchedulingSettings, Service
from portal.scheduling.services import get_scheduling_settings
from tenants import database_clock
from tenants.models import Business


@dataclass(frozen=True)
class BookingVisit:
    """One request for a booking page. Times are shown in `zone`."""

    request: SessionRequest
    place: BookingPlace
    client: Client | None
    rules: SchedulingSettings
    zone: ZoneInfo
    now: datetime

    @property
    def business(self) -> Business:
        """Return the business whose services are booked."""
        return self.request.business

    @property
    def is_client(self) -> bool:
        """Tell whether a client has signed in."""
        return self.client is not None

    @property
    def stored_zone(self) -> str:
        """Return the visitor's zone as an appointment keeps it: empty for the business's."""
        return "" if self.zone.key == self.business.time_zone else self.zone.key

    def list_services(self) -> list[Service]:
        """Return the services that this visitor can book, in order."""
        return list_bookable_services(self.rules, is_client=self.is_client)

    def find_service(self, pk: UUID) -> Service | None:
        """Return a service if this visitor can book it."""
        return next((service for service in self.list_services() if service.pk == pk), None)

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return a page of this place, its times in the visitor's zone."""
        timezone.activate(self.zone)
        context |= {"visit": self, "base_template": self._base_template, **self._build_embed_context()}
        return render(self.request, f"portal/intake/booking/{template}.html", context, status=status)

    @property
    def _base_template(self) -> str:
        if not self.place.knows_visitor:
            return "portal/base_embedded.html"
        return "portal/base_signed_in.html" if self.client else "portal/base_auth.html"

    def _build_embed_context(self) -> dict[str, Any]:
        """Return what a page in a frame says to the websites that may show it."""
        if self.place.knows_visitor:
            return {}
        return {"embedding_origins": [settings.PUBLIC_URL, *list_embedding_origins(self.request)]}


def build_visit(request: SessionRequest, place: BookingPlace, *, zone_name: str = "") -> BookingVisit:
    """Return the visit of a request, by the clocks of the zone that is named, else the client's or the business's."""
    return BookingVisit(
        request=request,
        place=place,
        client=(request.client or None) if place.knows_visitor else None,
        rules=get_scheduling_settings(request.business),
        zone=find_zone(zone_name) or _get_default_zone(request, place),
        now=database_clock.now(),
    )


def find_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name, or None if there is none. Anybody may have written the name."""
    try:
        return ZoneInfo(name) if name and len(name) <= 64 and name.isascii() else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _get_default_zone(request: SessionRequest, place: BookingPlace) -> ZoneInfo:
    return select_time_zone(request) if place.knows_visitor else ZoneInfo(request.business.time_zone)
