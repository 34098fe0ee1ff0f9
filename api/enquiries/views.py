"""The operations of the business API on enquiries."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import present_client_reference
from api.enquiries.serializers import (
    AssignmentSerializer,
    EnquiryDetailSerializer,
    EnquiryListQuery,
    EnquirySerializer,
)
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from portal.intake import services
from portal.intake.models import Enquiry

NOT_A_CANDIDATE = FieldError("client", "not_a_candidate", "This enquiry can’t be assigned to this client.")
NOT_ASSIGNABLE = "The enquiry doesn’t match several clients, or somebody has already decided on it."


class EnquiryListView(BusinessApiView):
    """The enquiries."""

    permissions = {"GET": "enquiries.view"}

    @extend_schema(operation_id="list_enquiries", parameters=[EnquiryListQuery], responses=EnquirySerializer(many=True))
    def get(self, request: Any) -> Response:
        """List enquiries, the newest first; all of them, the read or unread ones, or those of one client."""
        query = read_query(EnquiryListQuery, request)
        is_read = {"yes": True, "no": False}.get(query["is_read"])
        found = services.query_enquiries(is_read=is_read, client_id=query["client"])
        return Response(build_page_body(get_api_page(found, services.NEWEST_FIRST, query), _present))


class EnquiryView(BusinessApiView):
    """One enquiry."""

    permissions = {"GET": "enquiries.view", "PATCH": "enquiries.edit"}

    @extend_schema(operation_id="get_enquiry", responses=EnquiryDetailSerializer)
    def get(self, request: Any, enquiry_id: UUID) -> Response:
        """Return an enquiry."""
        return Response(_present_detail(get_object_or_404(services.query_enquiries(), pk=enquiry_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="update_enquiry", request=EnquirySerializer(partial=True), responses=EnquiryDetailSerializer
    )
    def patch(self, request: Any, enquiry_id: UUID) -> Response:
        """Mark an enquiry as read or unread. Whoever read it first stays its reader."""
        locked = services.query_enquiries().select_for_update(of=["self"], no_key=True)
        enquiry = get_object_or_404(locked, pk=enquiry_id)
        values = validate(EnquirySerializer, request.data, partial=True)
        check_if_match(request, lambda: _present_detail(enquiry))
        if values.get("is_read") is True:
            services.mark_enquiry_read(enquiry=enquiry, staff=self.staff, now=self.now)
        elif values.get("is_read") is False:
            services.mark_enquiry_unread(enquiry=enquiry)
        return Response(_present_detail(get_object_or_404(services.query_enquiries(), pk=enquiry_id)))


class EnquiryAssignmentView(BusinessApiView):
    """The assignment of an enquiry that matches several clients."""

    permissions = {"POST": "enquiries.edit"}

    @extend_schema(
        operation_id="assign_enquiry", request=AssignmentSerializer, responses={201: EnquiryDetailSerializer}
    )
    def post(self, request: Any, enquiry_id: UUID) -> Response:
        """Assign an enquiry that matches several clients to one of them."""
        enquiry = get_object_or_404(services.query_enquiries(), pk=enquiry_id)
        client_id = validate(AssignmentSerializer, request.data)["client"]
        candidates = services.list_candidates(enquiry)
        if not candidates:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NOT_ASSIGNABLE)
        client = next((candidate for candidate in candidates if candidate.pk == client_id), None)
        if client is None:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NOT_A_CANDIDATE])
        try:
            assigned = services.assign_enquiry(enquiry_id=enquiry.pk, client=client, staff=self.staff, now=self.now)
        except services.EnquiryAlreadyAssigned as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NOT_ASSIGNABLE) from error
        return Response(_present_detail(assigned), status=201)


def _present_detail(enquiry: Enquiry) -> dict[str, Any]:
    return _present(enquiry) | _present_candidates(enquiry)


def _present_candidates(enquiry: Enquiry) -> dict[str, Any]:
    return {"candidates": [present_client_reference(one) for one in services.list_candidates(enquiry)]}


def _present(enquiry: Enquiry) -> dict[str, Any]:
    return EnquirySerializer(enquiry).data
