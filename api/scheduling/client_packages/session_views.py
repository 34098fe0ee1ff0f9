"""The operations of the business API on single sessions of clients' packages."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.appointments.appointment_queries import get_appointment
from api.scheduling.booking_problems import translate_booking_errors
from api.scheduling.client_packages.package_queries import SESSION_ORDER, get_client_package, present_session
from api.scheduling.client_packages.serializers import (
    PackageSessionListQuery,
    PackageSessionSerializer,
    SessionChoiceSerializer,
    SessionOfAppointmentSerializer,
    SessionReasonSerializer,
)
from portal.scheduling import services
from portal.scheduling.models import PackageSession

NO_SESSION = "No session of this package can be taken for this: read the package again."


class PackageSessionListView(BusinessApiView):
    """The sessions that were taken from a client's package."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(
        operation_id="list_package_sessions",
        parameters=[PackageSessionListQuery],
        responses=PackageSessionSerializer(many=True),
    )
    def get(self, request: Any, client_package_id: UUID) -> Response:
        """List what became of the sessions, those taken last first."""
        found, query = (
            get_client_package(client_package_id).sessions.all(),
            read_query(PackageSessionListQuery, request),
        )
        return Response(build_page_body(get_api_page(found, SESSION_ORDER, query), present_session))

    @extend_schema(
        operation_id="take_session", request=SessionReasonSerializer, responses={201: PackageSessionSerializer}
    )
    def post(self, request: Any, client_package_id: UUID) -> Response:
        """Use a session without an appointment. Where none is left it is 409."""
        package, values = get_client_package(client_package_id), validate(SessionReasonSerializer, request.data)
        try:
            session = services.take_session(client_package=package, staff=self.staff, now=self.now, **values)
        except services.NoSessionLeft as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NO_SESSION) from error
        return Response(present_session(session), status=201)


class SessionReturnView(BusinessApiView):
    """The return of a session."""

    permissions = {"POST": "appointments.edit"}

    @extend_schema(operation_id="return_session", request=SessionReasonSerializer, responses=PackageSessionSerializer)
    def post(self, request: Any, client_package_id: UUID, package_session_id: UUID) -> Response:
        """Return a session that is reserved or used. One that was returned already stays as it is."""
        sessions = get_client_package(client_package_id).sessions
        session = get_object_or_404(sessions, pk=package_session_id)
        reason = validate(SessionReasonSerializer, request.data)["reason"]
        services.return_session(session=session, reason=reason, staff=self.staff, now=self.now)
        return Response(present_session(sessions.get(pk=package_session_id)))


class AppointmentSessionView(BusinessApiView):
    """The session of a package that an appointment uses."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(operation_id="get_appointment_session", responses=SessionOfAppointmentSerializer)
    def get(self, request: Any, appointment_id: UUID) -> Response:
        """Return the session that an appointment has reserved or used; null if none."""
        return _answer(services.find_taken_session(get_appointment(appointment_id)))

    @extend_schema(
        operation_id="choose_session", request=SessionChoiceSerializer, responses=SessionOfAppointmentSerializer
    )
    def post(self, request: Any, appointment_id: UUID) -> Response:
        """Let an appointment use a session of another package of its client’s, or none.

        A package that doesn’t cover it, has ended by then or has no session left is 409.
        """
        appointment = get_appointment(appointment_id)
        package_id = validate(SessionChoiceSerializer, request.data)["client_package"]
        try:
            with translate_booking_errors():
                session = services.choose_session(
                    appointment_id=appointment.pk, client_package_id=package_id, staff=self.staff, now=self.now
                )
        except services.NoSessionLeft as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NO_SESSION) from error
        return _answer(session)


def _answer(session: PackageSession | None) -> Response:
    return Response({"session": present_session(session) if session else None})
