"""The operations of the business API on appointments and their times."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import get_named_client
from api.protocol.entity_tags import check_if_match
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.appointments.appointment_queries import (
    build_keyset,
    find_appointments,
    get_appointment,
    present_appointment,
    show_appointment,
)
from api.scheduling.appointments.serializers import (
    AppointmentListQuery,
    AppointmentSerializer,
    NewAppointmentSerializer,
    NewTimeSerializer,
)
from api.scheduling.booking_problems import translate_booking_errors
from api.scheduling.references import get_named_calendar, get_named_service
from api.scheduling.slots import build_slot_query, check_start
from portal.scheduling import services
from portal.scheduling.models import AppointmentSource, Service
from portal.scheduling.services import StaffBooking


class AppointmentListView(BusinessApiView):
    """The appointments."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(
        operation_id="list_appointments", parameters=[AppointmentListQuery], responses=AppointmentSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """List appointments by their start: all, or those of a client, service, staff calendar, time or state."""
        query = read_query(AppointmentListQuery, request)
        page = get_api_page(find_appointments(query), build_keyset(query["sort"]), query)
        return Response(build_page_body(page, present_appointment))

    @transaction.atomic
    @extend_schema(
        operation_id="create_appointment", request=NewAppointmentSerializer, responses={201: AppointmentSerializer}
    )
    def post(self, request: Any) -> Response:
        """Book an appointment for a client, who is told. It is confirmed at once.

        A time that clients couldn’t book is 409 `booking_needs_confirmation`, whose `warnings` say why.
        """
        values = validate(NewAppointmentSerializer, request.data)
        check_start(values, now=self.now, may_be_past=True)
        client, service = get_named_client(values["client"]), get_named_service(values["service"])
        booking = build_staff_booking(self, service, values)
        with translate_booking_errors():
            appointment = services.book_for_client(
                booking,
                client=client,
                note=values["note"],
                staff=self.staff,
                source=AppointmentSource.API,
                now=self.now,
            )
        headers = {"Location": f"{request.path}{appointment.pk}/"}
        return Response(show_appointment(appointment.pk), status=201, headers=headers)


class AppointmentView(BusinessApiView):
    """One appointment."""

    permissions = {"GET": "appointments.view"}

    @extend_schema(operation_id="get_appointment", responses=AppointmentSerializer)
    def get(self, request: Any, appointment_id: UUID) -> Response:
        """Return an appointment."""
        return Response(show_appointment(appointment_id))


class AppointmentTimeView(BusinessApiView):
    """The time of an appointment."""

    permissions = {"PUT": "appointments.edit"}

    @transaction.atomic
    @extend_schema(operation_id="reschedule_appointment", request=NewTimeSerializer, responses=AppointmentSerializer)
    def put(self, request: Any, appointment_id: UUID) -> Response:
        """Move an appointment to another time or to somebody else, and confirm it. The client is told.

        A time that clients couldn’t book is 409 `booking_needs_confirmation`, whose `warnings` say why.
        """
        appointment = get_appointment(appointment_id)
        values = {"staff": appointment.entry.calendar_id} | validate(NewTimeSerializer, request.data)
        check_start(values, now=self.now, may_be_past=True)
        service = services.query_services_with_needs().get(pk=appointment.service_id)
        booking = build_staff_booking(self, service, values)
        with translate_booking_errors():
            check_if_match(request, lambda: present_appointment(services.lock_to_move(booking.query, appointment.pk)))
            services.reschedule_appointment(booking, appointment_id=appointment.pk, staff=self.staff, now=self.now)
        return Response(show_appointment(appointment.pk))


def build_staff_booking(view: BusinessApiView, service: Service, values: dict[str, Any]) -> StaffBooking:
    """Return what staff book by validated values. Raises ApiProblem for a staff calendar that isn't in use."""
    starts_at, calendar = values["starts_at"], get_named_calendar(values["staff"])
    query = build_slot_query(view.business, service, starts_at=starts_at, calendar_id=calendar.pk)
    return StaffBooking(query, starts_at, ignores_warnings=values["ignore_warnings"])
