"""The operations of the business API on saved views of the client list."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.list_filters import build_search, present_filters
from api.clients.taken_names import translate_name_taken
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from api.protocol.serializers import validate
from api.saved_views.serializers import SavedViewSerializer
from portal.clients import services
from portal.clients.list_query import build_query_string, parse_list_query
from portal.clients.models import CustomField, SavedView

NAME_TAKEN = "A view with this name already exists."
TOO_MANY = (
    f"Everybody has {services.MAX_VIEWS} views of their own at most, and the business as many shared ones."
    " Delete one first."
)


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
        with translate_name_taken(NAME_TAKEN):
            view = self._save_view(values)
        return Response(_present([view])[0], status=201, headers={"Location": f"{request.path}{view.pk}/"})

    def _save_view(self, values: Mapping[str, Any]) -> SavedView:
        """Save a view of validated values. Raises ValidationError and ApiProblem."""
        try:
            return services.save_view(
                business=self.business,
                name=values["name"],
                query=_build_query(values),
                is_shared=values["is_shared"],
                may_share=self.may(services.VIEW_SHARING_PERMISSION),
                staff=self.staff,
                now=self.now,
            )
        except services.ViewSharingDenied as error:
            raise ApiProblem(ErrorCode.FORBIDDEN) from error
        except services.TooManyViews as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=TOO_MANY) from error


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
        view, may_share = self._get_view(view_id), self.may(services.VIEW_SHARING_PERMISSION)
        try:
            services.delete_view(view=view, may_share=may_share, staff=self.staff, now=self.now)
        except services.ViewSharingDenied as error:
            raise ApiProblem(ErrorCode.FORBIDDEN) from error
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
    # Without what is gone since the view was saved, such as a custom field.
    query = parse_list_query(QueryDict(view.query), fields)
    return {
        "id": str(view.pk),
        "name": view.name,
        "is_shared": view.person_id is None,
        "filters": present_filters(query.search),
        "sort": query.sort,
        "created_at": view.created_at,
    }
