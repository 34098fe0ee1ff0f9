"""The operations of the client API on the client's appointments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.appointments.own_appointments import (
    book,
    check_booking_limit,
    filter_coming,
    get_own_appointment,
    present_own_appointment,
    read_details,
)
from api.portal.appointments.serializers import (
    AppointmentListQuery,
    AppointmentSerializer,
    CancellationSerializer,
    NewAppointmentSerializer,
    NewTimeSerializer,
)
from api.portal.booking_rules import get_bookable_service
from api.portal.views import PortalApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.appointments.appointment_queries import build_keyset
from api.scheduling.booking_problems import translate_booking_errors
from api.scheduling.references import check_staff
from api.scheduling.slots import build_proposal_query, build_slot_problem, build_slot_query, check_start
from portal.scheduling import services
from portal.scheduling.models import Appointment, SchedulingSettings
from portal.scheduling.services import SlotQuery


class OwnAppointmentsView(PortalApiView):
    """A view of the client's own appointments."""

    @property
    def rules(self) -> SchedulingSettings:
        """Return the business's rules of booking."""
        return services.get_scheduling_settings(self.business)

    def present(self, appointment: Appointment) -> dict[str, Any]:
        """Return what the client is shown of an appointment."""
        return present_own_appointment(appointment, self.rules, now=self.now)

    def show(self, appointment_id: UUID) -> dict[str, Any]:
        """Return what the client is shown of one of their appointments. Raises Http404."""
        return self.present(get_own_appointment(self.client, appointment_id))


class AppointmentListView(OwnAppointmentsView):
    """The client's appointments."""

    shared_rate_limit = ("booking", "BOOKINGS_PER_IP")

    @extend_schema(
        operation_id="list_appointments", parameters=[AppointmentListQuery], responses=AppointmentSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """List the client’s appointments, the latest first; those still to come, the earliest first."""
        query = read_query(AppointmentListQuery, request)
        found = filter_coming(services.query_own_appointments(self.client), query["is_coming"], now=self.now)
        keyset = build_keyset("starts_at" if query["is_coming"] == "yes" else "-starts_at")
        return Response(build_page_body(get_api_page(found, keyset, query), self.present))

    @extend_schema(
        operation_id="book_appointment", request=NewAppointmentSerializer, responses={201: AppointmentSerializer}
    )
    def post(self, request: Any) -> Response:
        """Book a time that is offered. What the client has booked of it already is answered again.

        A time that has gone is 409 `slot_unavailable`, whose `nearest` are the bookable times close to it.
        """
        values = validate(NewAppointmentSerializer, request.data)
        check_start(values, now=self.now)
        starts_at, service = values["starts_at"], get_bookable_service(self.business, values["service"], is_client=True)
        check_staff(values["staff"], service)
        details = read_details(service, values)
        query = build_slot_query(self.business, service, starts_at=starts_at, calendar_id=values["staff"])
        check_booking_limit(self.http_request, self.client, now=self.now)
        try:
            booked = book(query, starts_at, details=details, client=self.client, now=self.now)
        except services.SlotUnavailable as error:
            raise build_slot_problem(query, starts_at, now=self.now) from error
        return Response(self.show(booked.pk), status=201, headers={"Location": f"{request.path}{booked.pk}/"})


class AppointmentView(OwnAppointmentsView):
    """One of the client's appointments."""

    @extend_schema(operation_id="get_appointment", responses=AppointmentSerializer)
    def get(self, request: Any, appointment_id: UUID) -> Response:
        """Return an appointment."""
        return Response(self.show(appointment_id))


class AppointmentTimeView(OwnAppointmentsView):
    """The time of one of the client's appointments."""

    @transaction.atomic
    @extend_schema(operation_id="reschedule_appointment", request=NewTimeSerializer, responses=AppointmentSerializer)
    def put(self, request: Any, appointment_id: UUID) -> Response:
        """Move an appointment to a time that is offered. It may have to be confirmed again.

        When it is too late, or its service is not offered any more, the answer is 409 `change_window_closed`.
        """
        appointment = get_own_appointment(self.client, appointment_id)
        values = {"staff": appointment.entry.calendar_id} | validate(NewTimeSerializer, request.data)
        check_start(values, now=self.now)
        query = self._build_query(appointment, values)
        with translate_booking_errors():
            check_if_match(request, lambda: self.present(services.lock_to_move(query, appointment.pk)))
        self._move(query, appointment, values["starts_at"])
        return Response(self.show(appointment.pk))

    def _build_query(self, appointment: Appointment, values: dict[str, Any]) -> SlotQuery:
        """Return the query for the time that is wanted. Raises ApiProblem."""
        service = services.query_services_with_needs().get(pk=appointment.service_id)
        if values["staff"] != appointment.entry.calendar_id:
            check_staff(values["staff"], service)
        return build_slot_query(self.business, service, starts_at=values["starts_at"], calendar_id=values["staff"])

    def _move(self, query: SlotQuery, appointment: Appointment, starts_at: datetime) -> None:
        """Move an appointment. Raises ApiProblem and Http404."""
        try:
            with translate_booking_errors(), transaction.atomic():
                services.reschedule_own_appointment(
                    query, starts_at, appointment_id=appointment.pk, client=self.client, now=self.now
                )
        except services.SlotUnavailable as error:
            own = services.ignore_own_time(query, appointment)
            raise build_slot_problem(own, starts_at, now=self.now) from error


class AppointmentCancellationView(OwnAppointmentsView):
    """The cancellation of one of the client's appointments."""

    @extend_schema(operation_id="cancel_appointment", request=CancellationSerializer, responses=AppointmentSerializer)
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Cancel an appointment. When it is too late for that, the answer is 409 `change_window_closed`."""
        appointment = get_own_appointment(self.client, appointment_id)
        reason = validate(CancellationSerializer, request.data)["reason"]
        with translate_booking_errors():
            services.cancel_own_appointment(
                appointment_id=appointment.pk, client=self.client, rules=self.rules, reason=reason, now=self.now
            )
        return Response(self.show(appointment.pk))


class ProposedTimeView(OwnAppointmentsView):
    """The time that the business proposed when it declined a request of the client's."""

    @extend_schema(operation_id="book_proposed_time", request=None, responses={201: AppointmentSerializer})
    @takes_no_body
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Book the time that the business proposed when it declined this appointment; it needs no answer again."""
        appointment = get_own_appointment(self.client, appointment_id)
        starts_at = appointment.proposed_starts_at or appointment.starts_at
        query = build_proposal_query(self.business, appointment, starts_at)
        try:
            with translate_booking_errors():
                booked = services.book_proposed_time(query, appointment=appointment, client=self.client, now=self.now)
        except services.SlotUnavailable as error:
            raise build_slot_problem(query, starts_at, now=self.now) from error
        return Response(self.show(booked.pk), status=201)
