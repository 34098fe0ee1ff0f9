"""The operations of the business API on text messages: what was sent, what is stopped, and lifting a stop."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from api.text_messages.serializers import SmsStopSerializer, TextMessageUsageSerializer
from portal.signin_support.sms_stop_notices import SmsStopNotice, build_sms_stop_notices
from portal.signin_support.sms_stops import StopNotLiftable, lift_sms_stop
from tenants.models import SmsStop
from tenants.sms_limits import stops, usage

# The provider bills in dollars.
CURRENCY = "USD"
NOT_LIFTABLE = "The stop of a limit can’t be lifted: it ends by itself."


class TextMessageUsageView(BusinessApiView):
    """The text messages of a day."""

    permissions = {"GET": "support.view"}

    @extend_schema(operation_id="get_text_message_usage", responses=TextMessageUsageSerializer)
    def get(self, request: Any) -> Response:
        """Return what was texted in the last 24 hours, what it cost, and how much may be sent."""
        day = usage.summarise_day(self.business, now=self.now)
        return Response(
            {
                "texts": day.texts,
                "texts_per_day": settings.SMS_PER_DAY,
                "codes": day.codes,
                "used_codes": day.used_codes,
                "cost": {"amount": day.cost, "currency": CURRENCY},
                "budget": {"amount": settings.SMS_BUDGET, "currency": CURRENCY},
            }
        )


class SmsStopListView(BusinessApiView):
    """The stops of text messages."""

    permissions = {"GET": "support.view"}

    @extend_schema(operation_id="list_sms_stops", responses=SmsStopSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List which texts are stopped now, the newest stop first."""
        active = stops.list_active_stops(now=self.now, business=self.business)
        return Response({"items": [_present(notice) for notice in build_sms_stop_notices(active)]})


class SmsStopLiftingView(BusinessApiView):
    """The lifting of one stop."""

    permissions = {"POST": "portal.edit"}

    @extend_schema(operation_id="lift_sms_stop", request=None, responses={204: None})
    @takes_no_body
    def post(self, request: Any, stop_id: UUID) -> Response:
        """Have the texts of a stop sent again. A stop that has ended stays so."""
        stop = get_object_or_404(SmsStop, pk=stop_id, business=self.business)
        try:
            lift_sms_stop(stop=stop, staff=self.staff, now=self.now)
        except StopNotLiftable as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NOT_LIFTABLE) from error
        return Response(status=204)


def _present(notice: SmsStopNotice) -> dict[str, Any]:
    stop = notice.stop
    return SmsStopSerializer(
        {name: getattr(stop, name) for name in ("id", "reason", "area", "started_at", "ends_at")}
        | {"title": str(notice.title), "explanation": str(notice.explanation)}
        | {"keeps_established": notice.keeps_established, "is_liftable": notice.is_liftable}
    ).data
