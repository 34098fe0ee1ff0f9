"""The operations of the business API on tags."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.taken_names import translate_name_taken
from api.protocol.entity_tags import check_if_match
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.protocol.sparse_fields import make_sparse, select_fields
from api.tags.serializers import TagListQuery, TagSerializer
from portal.clients import services
from portal.clients.models import Tag

NAME_TAKEN = "A tag with this name already exists."


class TagListView(BusinessApiView):
    """All tags of the business."""

    permissions = {"GET": "clients.view", "POST": "clients.edit"}

    @extend_schema(operation_id="list_tags", parameters=[TagListQuery], responses=make_sparse(TagSerializer)(many=True))
    def get(self, request: Any) -> Response:
        """List all tags by name."""
        names = read_query(TagListQuery, request)["fields"]
        tags = TagSerializer(services.list_tags_with_counts(), many=True).data
        return Response({"items": [select_fields(tag, names) for tag in tags]})

    @extend_schema(operation_id="create_tag", request=TagSerializer, responses={201: TagSerializer})
    def post(self, request: Any) -> Response:
        """Create a tag."""
        values = validate(TagSerializer, request.data)
        with translate_name_taken(NAME_TAKEN):
            tag = services.create_tag(staff=self.staff, now=self.now, **values)
        return Response(_present(tag.pk), status=201)


class TagView(BusinessApiView):
    """One tag."""

    permissions = {"GET": "clients.view", "PATCH": "clients.edit", "DELETE": "clients.edit"}

    @extend_schema(operation_id="get_tag", responses=TagSerializer)
    def get(self, request: Any, tag_id: UUID) -> Response:
        """Return a tag."""
        return Response(_present(tag_id))

    @transaction.atomic
    @extend_schema(operation_id="update_tag", request=TagSerializer(partial=True), responses=TagSerializer)
    def patch(self, request: Any, tag_id: UUID) -> Response:
        """Change a tag’s name or colour."""
        tag = get_object_or_404(Tag.objects.select_for_update(no_key=True), pk=tag_id)
        check_if_match(request, lambda: _present(tag.pk))
        values = {"name": tag.name, "colour": tag.colour} | validate(TagSerializer, request.data, partial=True)
        with translate_name_taken(NAME_TAKEN):
            services.change_tag(tag=tag, staff=self.staff, now=self.now, **values)
        return Response(_present(tag.pk))

    @extend_schema(operation_id="delete_tag", responses={204: None})
    def delete(self, request: Any, tag_id: UUID) -> Response:
        """Delete a tag; no client is deleted."""
        services.delete_tag(tag=get_object_or_404(Tag, pk=tag_id), staff=self.staff, now=self.now)
        return Response(status=204)


def _present(tag_id: UUID) -> dict[str, Any]:
    return TagSerializer(get_object_or_404(services.list_tags_with_counts(), pk=tag_id)).data
