"""The operations of the business API on rooms and equipment."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import validate
from api.scheduling.resources.serializers import ResourceSerializer
from portal.scheduling import services
from portal.scheduling.models import Resource


class ResourceListView(BusinessApiView):
    """The rooms and equipment."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(operation_id="list_resources", responses=ResourceSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List rooms and equipment by name."""
        return Response({"items": ResourceSerializer(Resource.objects.all(), many=True).data})

    @extend_schema(operation_id="create_resource", request=ResourceSerializer, responses={201: ResourceSerializer})
    def post(self, request: Any) -> Response:
        """Add a room or a piece of equipment. Services use it when they name it."""
        values = validate(ResourceSerializer, request.data)
        resource = services.add_resource(staff=self.staff, now=self.now, **values)
        headers = {"Location": f"{request.path}{resource.pk}/"}
        return Response(ResourceSerializer(resource).data, status=201, headers=headers)


class ResourceView(BusinessApiView):
    """One room or piece of equipment."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit"}

    @extend_schema(operation_id="get_resource", responses=ResourceSerializer)
    def get(self, request: Any, resource_id: UUID) -> Response:
        """Return a room or a piece of equipment."""
        return Response(ResourceSerializer(get_object_or_404(Resource, pk=resource_id)).data)

    @transaction.atomic
    @extend_schema(
        operation_id="update_resource", request=ResourceSerializer(partial=True), responses=ResourceSerializer
    )
    def patch(self, request: Any, resource_id: UUID) -> Response:
        """Change a room or a piece of equipment. Appointments keep what they have reserved."""
        locked = Resource.objects.select_for_update(of=["self"], no_key=True)
        resource = get_object_or_404(locked, pk=resource_id)
        check_if_match(request, lambda: ResourceSerializer(resource).data)
        values = validate(ResourceSerializer, request.data, partial=True)
        changed = services.change_resource(resource=resource, staff=self.staff, now=self.now, **values)
        return Response(ResourceSerializer(changed).data)
