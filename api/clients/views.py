"""The operations of the business API on clients."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import annotate_contacts_and_tags, find_client, present_client
from api.clients.serializers import ClientListQuery, ClientSerializer
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from portal.clients import services
from portal.clients.services.pagination import build_client_keyset


class ClientListView(BusinessApiView):
    """The client list."""

    permissions = {"GET": "clients.view", "POST": "clients.edit"}

    @extend_schema(operation_id="list_clients", parameters=[ClientListQuery], responses=ClientSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List clients: search, filter and sort them."""
        query = read_query(ClientListQuery, request)
        search = services.SearchQuery(
            text=query["search"],
            status=query["status"],
            tags=tuple(query["tag"]),
            source=query["source"],
            can_sign_in=query["can_sign_in"],
            has_mobile=query["has_mobile"],
            last_sign_in=query["last_sign_in"],
        )
        clients = services.search_clients(search, country=self.business.country, now=self.now)
        rows, keyset = build_client_keyset(annotate_contacts_and_tags(clients), sort=query["sort"])
        return Response(build_page_body(get_api_page(rows, keyset, query), present_client))


class ClientView(BusinessApiView):
    """One client."""

    permissions = {"GET": "clients.view"}

    @extend_schema(operation_id="get_client", responses=ClientSerializer)
    def get(self, request: Any, client_id: UUID) -> Response:
        """Return a client."""
        client = find_client(client_id)
        if client is None:
            raise Http404
        return Response(client)
