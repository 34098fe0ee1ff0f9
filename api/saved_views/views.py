"""The operations of the business API on saved views of the client list."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.list_filters import build_search
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import validate
from api.saved_views.list_queries import parse_saved_view, present_filters
from api.saved_views.serializers import SavedViewSerializer
from portal.clients import services
from portal.clients.list_query import build_query_string
from portal.clients.models import CustomField, SavedView

NAME_TAKEN = FieldError("name", "name_taken", "A view with this name already exists.")
# A shared view is everybody's, so not everybody who may keep views of their own may change it.
SHARING_PERMISSION = "clients.edit"


class SavedViewListView(BusinessApiView):
    """The saved views of whoever made the key, and the shared ones."""

    permissions = {"GET": "clients.view", "POST": "saved_views.edit"}

    @extend_schema(operation_id="list_saved_views", responses=SavedViewSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the views of whoever made the key and those that everybody has, by name."""
        return Response({"items": _present(services.list_visible_views(self.membership.person_id))})

    @extend_schema(operation_id="create_saved_view", request=SavedViewSerializer, responses={201: SavedViewSerializer})
    def post(self, request: Any) -> Response:
        """Save a search of the client list under a name. Filters by custom fields that are gone are refused."""
        values = validate(SavedViewSerializer, request.data)
        if values["is_shared"] and not self.may(SHARING_PERMISSION):
            raise ApiProblem(ErrorCode.FORBIDDEN)
        query = _build_query(values)
        person_id = None if values["is_shared"] else self.membership.person_id
        try:
            view = services.save_view(
                name=values["name"], query=query, person_id=person_id, staff=self.staff, now=self.now
            )
        except services.NameTaken as error:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NAME_TAKEN]) from error
        return Response(_present([view])[0], status=201, headers={"Location": f"{request.path}{view.pk}/"})


class SavedViewView(BusinessApiView):
    """One saved view."""

    permissions = {"GET": "clients.view", "DELETE": "saved_views.edit"}

    @extend_schema(operation_id="get_saved_view", responses=SavedViewSerializer)
    def get(self, request: Any, view_id: UUID) -> Response:
        """Return a saved view."""
        return Response(_present([self._get_view(view_id)])[0])

    @extend_schema(operation_id="delete_saved_view", responses={204: None})
    def delete(self, request: Any, view_id: UUID) -> Response:
        """Delete a saved view; no client is changed. One that everybody has needs the scope `clients:write`."""
        view = self._get_view(view_id)
        if view.person_id is None and not self.may(SHARING_PERMISSION):
            raise ApiProblem(ErrorCode.FORBIDDEN)
        services.delete_view(view=view, staff=self.staff, now=self.now)
        return Response(status=204)

    def _get_view(self, view_id: UUID) -> SavedView:
        return get_object_or_404(services.list_visible_views(self.membership.person_id), pk=view_id)


def _build_query(values: Mapping[str, Any]) -> str:
    """Return the query string of the list page for validated values. Raises ValidationError."""
    try:
        search, _fields = build_search(values["filters"])
    except ValidationError as error:
        raise ValidationError({"filters": error.detail}) from error
    return build_query_string(search, sort=values["sort"])


def _present(views: Iterable[SavedView]) -> list[dict[str, Any]]:
    fields = list(CustomField.objects.all())
    return [_present_one(view, fields) for view in views]


def _present_one(view: SavedView, fields: list[CustomField]) -> dict[str, Any]:
    query = parse_saved_view(view, fields)
    return {
        "id": str(view.pk),
        "name": view.name,
        "is_shared": view.person_id is None,
        "filters": present_filters(query),
        "sort": query.sort,
        "created_at": view.created_at,
    }
