"""The operation of the client API on the services that can be booked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.booking_rules import query_bookable_services
from api.portal.services.serializers import ServiceSerializer
from api.portal.views import PortalApiView
from api.scheduling.fields import present_price
from api.scheduling.references import present_reference
from portal.scheduling.models import Service, StaffCalendar

COLUMNS = ("id", "name", "description", "duration", "capacity", "location_kind", "policy_text")


class ServiceListView(PortalApiView):
    """The services that can be booked."""

    is_open_to_anybody = True

    @extend_schema(operation_id="list_services", responses=ServiceSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the services that can be booked: everybody’s, and for a signed-in client also those for clients.

        A business that takes no bookings answers 404.
        """
        found = query_bookable_services(self.business, is_client=bool(request.auth)).prefetch_related("questions")
        offered = [service for service in found if service.calendar_ids]
        calendars = {calendar.pk: calendar for calendar in StaffCalendar.objects.filter(is_active=True)}
        return Response({"items": [_present(service, calendars) for service in offered]})


def _present(service: Service, calendars: Mapping[UUID, StaffCalendar]) -> dict[str, Any]:
    given_by = [calendar for key, calendar in calendars.items() if key in service.calendar_ids]
    shown = {name: getattr(service, name) for name in COLUMNS} | {
        "price": present_price(service.price_amount, service.price_currency),
        "staff": [present_reference(calendar) for calendar in given_by],
        "questions": service.questions.all(),
    }
    return dict(ServiceSerializer(shown).data)
