"""The operations of the business API that answer, cancel and mark appointments."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from api.scheduling.appointments.appointment_queries import get_appointment, show_appointment
from api.scheduling.appointments.serializers import (
    AppointmentSerializer,
    AttendanceSerializer,
    CancellationSerializer,
    RefusalSerializer,
)
from api.scheduling.booking_problems import translate_booking_errors
from api.scheduling.slots import build_proposal_query, check_start
from portal.scheduling import services
from portal.scheduling.models import Appointment, AppointmentState

NOT_OFFERED = "Clients can’t book this time. Propose one that is free."


class AppointmentChangeView(BusinessApiView):
    """A change of an appointment’s state; one whose state doesn’t allow it is 409, and nobody is told."""

    permissions = {"POST": "appointments.edit"}

    def change(self, appointment_id: UUID, change: Callable[..., Appointment], **values: Any) -> Response:
        """Change the state of an appointment, and return it. Raises Http404 and ApiProblem."""
        appointment = get_appointment(appointment_id)
        with translate_booking_errors():
            change(appointment_id=appointment.pk, staff=self.staff, now=self.now, **values)
        return Response(show_appointment(appointment.pk))


class AppointmentConfirmationView(AppointmentChangeView):
    """The confirmation of a request."""

    @extend_schema(operation_id="confirm_appointment", request=None, responses=AppointmentSerializer)
    @takes_no_body
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Confirm a request. The client is told."""
        return self.change(appointment_id, services.confirm_appointment)


class AppointmentRefusalView(AppointmentChangeView):
    """The refusal of a request."""

    @extend_schema(operation_id="decline_appointment", request=RefusalSerializer, responses=AppointmentSerializer)
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Decline a request, and free its time. The client is told, with the reason and the time that is proposed.

        It has to be one that clients can book with the same person.
        """
        values = validate(RefusalSerializer, request.data)
        if values["proposed_starts_at"]:
            check_start(values, field="proposed_starts_at", now=self.now)
            self._check_offer(get_appointment(appointment_id), values["proposed_starts_at"])
        return self.change(appointment_id, services.decline_appointment, **values)

    def _check_offer(self, appointment: Appointment, starts_at: datetime) -> None:
        """Check that the client can book a time that is proposed. Raises ApiProblem."""
        query = build_proposal_query(self.business, appointment, starts_at)
        try:
            if not services.is_still_offered(appointment, query.rules):
                raise services.SlotUnavailable
            services.find_offered_time(query, starts_at, now=self.now)
        except services.SlotUnavailable as error:
            raise build_field_problem("proposed_starts_at", "not_offered", NOT_OFFERED) from error


class AppointmentCancellationView(AppointmentChangeView):
    """The cancellation of an appointment."""

    @extend_schema(operation_id="cancel_appointment", request=CancellationSerializer, responses=AppointmentSerializer)
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Cancel an appointment on behalf of the business, and free its time. The client is told."""
        values = validate(CancellationSerializer, request.data)
        return self.change(appointment_id, services.cancel_appointment, **values)


class AppointmentAttendanceView(AppointmentChangeView):
    """Whether the client came to an appointment."""

    @extend_schema(operation_id="mark_attendance", request=AttendanceSerializer, responses=AppointmentSerializer)
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Mark that an appointment took place or that the client did not come, once it has begun."""
        state = validate(AttendanceSerializer, request.data)["state"]
        mark = services.mark_done if state == AppointmentState.DONE else services.mark_no_show
        return self.change(appointment_id, mark)
