"""What the overview of the set-up says: what is missing, and what clients can book when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.service_pages import summarise_service
from portal.scheduling.models import OpeningHours, SchedulingSettings, Service, StaffCalendar, Visibility
from tenants.models import Business

MAX_SHOWN = 12


@dataclass(frozen=True)
class MissingPart:
    """Something without which clients can't book, and the page where it is added."""

    text: str
    url: str


def list_missing_parts(slug: str, rules: SchedulingSettings) -> list[MissingPart]:
    """Return what keeps clients from booking all that is offered."""
    return [*_iter_rule_problems(slug, rules), *_iter_calendar_problems(slug), *_iter_service_problems(slug)]


def summarise_bookable_services(
    business: Business, rules: SchedulingSettings, *, now: datetime
) -> list[dict[str, Any]]:
    """Return the services that clients find, as a list shows them, each with its next free time."""
    found = services.query_services_with_needs().filter(archived_at=None).exclude(visibility=Visibility.STAFF)
    shown = list(found.prefetch_related("calendars")[:MAX_SHOWN])
    next_starts = services.find_next_slots(business, rules, shown, now=now)
    return [summarise_service(service) | {"next_at": next_starts.get(service.pk)} for service in shown]


def _iter_rule_problems(slug: str, rules: SchedulingSettings) -> Iterator[MissingPart]:
    if not rules.is_on:
        yield MissingPart(_("Online booking is switched off."), _link(slug, "booking-rules"))


def _iter_calendar_problems(slug: str) -> Iterator[MissingPart]:
    has_hours = Exists(OpeningHours.objects.filter(calendar=OuterRef("pk")))
    calendars = list(StaffCalendar.objects.filter(is_active=True).annotate(has_hours=has_hours))
    if not calendars:
        yield MissingPart(_("No calendar takes bookings. Add one."), _link(slug, "staff-calendar-new"))
    for calendar in calendars:
        if not calendar.has_hours:
            text = _("“%(name)s” has no weekly hours.") % {"name": calendar.name}
            yield MissingPart(text, _link(slug, "staff-calendar-hours", pk=calendar.pk))


def _iter_service_problems(slug: str) -> Iterator[MissingPart]:
    offered = list(Service.objects.filter(archived_at=None).prefetch_related("calendars"))
    if not offered:
        yield MissingPart(_("No service is offered. Add one."), _link(slug, "service-new"))
    for service in offered:
        if not any(calendar.is_active for calendar in service.calendars.all()):
            text = _("Nobody gives “%(name)s”.") % {"name": service.name}
            yield MissingPart(text, _link(slug, "service", pk=service.pk))


def _link(slug: str, name: str, **kwargs: Any) -> str:
    return reverse(f"console:{name}", kwargs={"business": slug, **kwargs})
