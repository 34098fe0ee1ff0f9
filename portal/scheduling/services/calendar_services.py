"""Which services a calendar gives, seen from the calendar."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.scheduling.models import Service, StaffCalendar
from portal.scheduling.services.service_setup import ServiceNeeds, change_service
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def set_calendar_services(
    *, calendar: StaffCalendar, service_ids: Collection[UUID], staff: StaffActor, now: datetime
) -> None:
    """Let exactly these of the services that are not archived be given in a calendar."""
    rows = Service.objects.select_for_update(of=["self"], no_key=True).filter(archived_at=None)
    for service in rows.order_by("pk"):
        before = set(service.calendars.values_list("pk", flat=True))
        after = before | {calendar.pk} if service.pk in service_ids else before - {calendar.pk}
        if after != before:
            change_service(service=service, needs=ServiceNeeds(calendar_ids=after), staff=staff, now=now)
