"""The operations of the business API on the tags of one client."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.clients.serializers import MAX_TAGS, ClientTagSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import StrictSerializer, validate
from portal.clients import services
from portal.clients.models import Client, Tag


class ClientTagsSerializer(StrictSerializer):
    """The tags that a client is to have, by name; one that doesn’t exist is created."""

    items = ClientTagSerializer(many=True, max_length=MAX_TAGS)


class ClientTagListView(BusinessApiView):
    """The tags of a client."""

    permissions = {"GET": "clients.view", "POST": "clients.edit", "PUT": "clients.edit"}

    @extend_schema(operation_id="list_client_tags", responses=ClientTagSerializer(many=True))
    def get(self, request: Any, client_id: UUID) -> Response:
        """List the tags of a client."""
        return Response(_present_tags(get_client(client_id)))

    @transaction.atomic
    @extend_schema(operation_id="add_client_tag", request=ClientTagSerializer, responses=ClientTagSerializer)
    def post(self, request: Any, client_id: UUID) -> Response:
        """Add a tag to a client by its name; it is created if there is none."""
        client, values = get_client(client_id), validate(ClientTagSerializer, request.data)
        tag, queryset = services.get_or_create_tag(values["name"]), Client.objects.filter(pk=client.pk)
        services.tag_clients(clients=queryset, tag=tag, staff=self.staff, now=self.now)
        return Response(ClientTagSerializer(tag).data)

    @transaction.atomic
    @extend_schema(
        operation_id="set_client_tags", request=ClientTagsSerializer, responses=ClientTagSerializer(many=True)
    )
    def put(self, request: Any, client_id: UUID) -> Response:
        """Set the tags of a client: those that aren’t named are removed, those that don’t exist are created."""
        client = get_client(client_id, lock=True)
        check_if_match(request, lambda: _present_tags(client))
        names = [tag["name"] for tag in validate(ClientTagsSerializer, request.data)["items"]]
        tags = services.set_client_tags(client=client, names=names, staff=self.staff, now=self.now)
        return Response({"items": ClientTagSerializer(tags, many=True).data})


class ClientTagView(BusinessApiView):
    """One tag of a client."""

    permissions = {"DELETE": "clients.edit"}

    @transaction.atomic
    @extend_schema(operation_id="remove_client_tag", responses={204: None})
    def delete(self, request: Any, client_id: UUID, tag_id: UUID) -> Response:
        """Remove a tag from a client; the tag itself stays."""
        client, tag = get_client(client_id), get_object_or_404(Tag, pk=tag_id)
        services.untag_clients(clients=Client.objects.filter(pk=client.pk), tag=tag, staff=self.staff, now=self.now)
        return Response(status=204)


def _present_tags(client: Client) -> dict[str, Any]:
    return {"items": ClientTagSerializer(client.tags.order_by(Lower("name")), many=True).data}
