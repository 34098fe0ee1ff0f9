"""The operation of the client API on the times that can be booked."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.booking_rules import get_bookable_service
from api.portal.views import PortalApiView
from api.protocol.query_params import read_query
from api.scheduling.references import check_staff
from api.scheduling.slots import SlotQuerySerializer, SlotSerializer, build_slot_query, present_slots
from portal.scheduling import services


class SlotListView(PortalApiView):
    """The times at which a service can be booked."""

    is_open_to_anybody = True

    @extend_schema(operation_id="list_slots", parameters=[SlotQuerySerializer], responses=SlotSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the times at which a service can be booked, with who is free, in a range of 62 days at most.

        Services for clients need one who is signed in. A business that takes no bookings answers 404.
        """
        query = read_query(SlotQuerySerializer, request)
        service = get_bookable_service(self.business, query["service"], is_client=bool(request.auth))
        check_staff(query["staff"], service)
        slots = build_slot_query(
            self.business, service, starts_at=query["from"], until_at=query["to"], calendar_id=query["staff"]
        )
        return Response({"items": present_slots(services.list_slots(slots, now=self.now))})
