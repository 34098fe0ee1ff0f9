"""The operations of the business API on suggestions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import load_client_references, present_client_reference
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.suggestions.serializers import AcceptanceSerializer, SuggestionListQuery, SuggestionSerializer
from portal.clients.models import Suggestion, SuggestionKind
from portal.clients.services import suggestions
from portal.intake.kinds import IntakeClientSource
from portal.intake.services.suggestions import accept_suggestion, dismiss_suggestion

ALREADY_DECIDED = "Somebody has already decided on this suggestion."
CHOOSE_CLIENT = "Several clients have this address: assign the enquiry to one of them."


class SuggestionListView(BusinessApiView):
    """The open suggestions."""

    permissions = {"GET": "clients.view"}

    @extend_schema(
        operation_id="list_suggestions", parameters=[SuggestionListQuery], responses=SuggestionSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """List the open suggestions, the newest first; all of them or those of one client."""
        query = read_query(SuggestionListQuery, request)
        found = suggestions.query_open_suggestions()
        found = found.filter(client=query["client"]) if query["client"] else found
        page = get_api_page(found, suggestions.NEWEST_FIRST, query)
        clients = _load_candidates(page.rows)
        return Response(build_page_body(page, lambda suggestion: _present(suggestion, clients)))


class SuggestionView(BusinessApiView):
    """One suggestion."""

    permissions = {"GET": "clients.view"}

    @extend_schema(operation_id="get_suggestion", responses=SuggestionSerializer)
    def get(self, request: Any, suggestion_id: UUID) -> Response:
        """Return a suggestion, open or decided on."""
        return Response(_present_one(_get_suggestion(suggestion_id)))


class SuggestionAcceptanceView(BusinessApiView):
    """The acceptance of a suggestion."""

    permissions = {"POST": "clients.edit"}

    @extend_schema(operation_id="accept_suggestion", request=AcceptanceSerializer, responses=SuggestionSerializer)
    def post(self, request: Any, suggestion_id: UUID) -> Response:
        """Put the suggested name or address on the card. Of a possible duplicate, confirm the address on this card."""
        suggestion = _get_suggestion(suggestion_id)
        values = validate(AcceptanceSerializer, request.data)
        if suggestion.kind == SuggestionKind.AMBIGUOUS:
            raise ApiProblem(ErrorCode.CONFLICT, detail=CHOOSE_CLIENT)
        if not accept_suggestion(suggestion=suggestion, staff=self.staff, now=self.now, **values):
            raise ApiProblem(ErrorCode.CONFLICT, detail=ALREADY_DECIDED)
        return Response(_present_one(suggestion))


class SuggestionDismissalView(BusinessApiView):
    """The dismissal of a suggestion."""

    permissions = {"POST": "clients.edit"}

    @extend_schema(operation_id="dismiss_suggestion", request=None, responses=SuggestionSerializer)
    @takes_no_body
    def post(self, request: Any, suggestion_id: UUID) -> Response:
        """Leave the card as it is."""
        suggestion = _get_suggestion(suggestion_id)
        if not dismiss_suggestion(suggestion=suggestion, staff=self.staff, now=self.now):
            raise ApiProblem(ErrorCode.CONFLICT, detail=ALREADY_DECIDED)
        return Response(_present_one(suggestion))


def _get_suggestion(suggestion_id: UUID) -> Suggestion:
    return get_object_or_404(Suggestion.objects.exclude_demo().select_related("client"), pk=suggestion_id)


def _present_one(suggestion: Suggestion) -> dict[str, Any]:
    return _present(suggestion, _load_candidates([suggestion]))


def _load_candidates(rows: Sequence[Suggestion]) -> dict[str, dict[str, Any]]:
    return load_client_references(key for row in rows for key in row.submitted_data.get("clients", ()))


def _present(suggestion: Suggestion, clients: Mapping[str, Any]) -> dict[str, Any]:
    submitted = suggestion.submitted_data
    columns = ("id", "kind", "value", "source", "created_at", "resolution", "resolved_at")
    is_from_form = suggestion.source == IntakeClientSource.CONTACT_FORM
    return {name: getattr(suggestion, name) for name in columns} | {
        "client": present_client_reference(suggestion.client),
        "candidates": [clients[key] for key in submitted.get("clients", ()) if key in clients],
        "submitted": {name: submitted.get(name, "") for name in ("name", "email", "phone")},
        "enquiry": suggestion.subject_id if is_from_form else None,
    }
