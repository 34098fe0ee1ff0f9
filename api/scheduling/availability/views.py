"""The operation of the business API on the times that can be booked."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.query_params import read_query
from api.scheduling.references import check_staff, get_named_service
from api.scheduling.slots import SlotQuerySerializer, SlotSerializer, build_slot_query, present_slots
from portal.scheduling import services


class AvailabilityView(BusinessApiView):
    """The times at which a service can be booked."""

    permissions = {"GET": "scheduling.view"}

    @extend_schema(
        operation_id="get_availability", parameters=[SlotQuerySerializer], responses=SlotSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """Return the times at which clients can book a service, with who is free, in a range of 62 days at most.

        Services that only staff can book are answered as well. Staff can book other times, too: they are warned first.
        """
        query = read_query(SlotQuerySerializer, request)
        service = get_named_service(query["service"])
        check_staff(query["staff"], service)
        slots = build_slot_query(
            self.business, service, starts_at=query["from"], until_at=query["to"], calendar_id=query["staff"]
        )
        return Response({"items": present_slots(services.list_slots(slots, now=self.now))})
