"""The operations of the business API on the client list and on one client."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import annotate_contacts_and_tags, get_client, present_client, show_client
from api.clients.contact_values import parse_new_contacts
from api.clients.custom_values import merge_custom_values
from api.clients.list_filters import build_search
from api.clients.serializers import ClientListQuery, ClientSerializer, NewClientSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.protocol.sparse_fields import make_sparse
from portal.clients import services
from portal.clients.identifiers import Identifier
from portal.clients.services.pagination import build_client_keyset

# A problem names this many clients with the same address at most.
MAX_NAMED_CLIENTS = 20


class ClientListView(BusinessApiView):
    """The client list."""

    permissions = {"GET": "clients.view", "POST": "clients.edit"}

    @extend_schema(
        operation_id="list_clients",
        parameters=[ClientListQuery],
        responses=make_sparse(ClientSerializer)(many=True),
    )
    def get(self, request: Any) -> Response:
        """List clients: search, filter and sort them."""
        query = read_query(ClientListQuery, request)
        search, _fields = build_search(query)
        clients = services.search_clients(search, country=self.business.country, now=self.now)
        rows, keyset = build_client_keyset(annotate_contacts_and_tags(clients), sort=query["sort"])
        return Response(build_page_body(get_api_page(rows, keyset, query), present_client, fields=query["fields"]))

    @transaction.atomic
    @extend_schema(operation_id="create_client", request=NewClientSerializer, responses={201: ClientSerializer})
    def post(self, request: Any) -> Response:
        """Add a client. They can sign in at once; no message is sent."""
        values = validate(NewClientSerializer, request.data)
        labels = parse_new_contacts(values["contacts"], country=self.business.country)
        custom = merge_custom_values({}, values.get("custom", {}))
        if not values["add_anyway"]:
            _check_unknown(labels)
        client = services.add_client(
            name=values["name"],
            identifiers=labels,
            labels=labels,
            language=values.get("language", ""),
            time_zone=values.get("time_zone", ""),
            custom=custom,
            staff=self.staff,
            now=self.now,
        )
        if names := [tag["name"] for tag in values.get("tags", [])]:
            services.set_client_tags(client=client, names=names, staff=self.staff, now=self.now)
        return Response(show_client(client.pk), status=201, headers={"Location": f"{request.path}{client.pk}/"})


class ClientView(BusinessApiView):
    """One client."""

    permissions = {"GET": "clients.view", "PATCH": "clients.edit"}

    @extend_schema(operation_id="get_client", responses=ClientSerializer)
    def get(self, request: Any, client_id: UUID) -> Response:
        """Return a client. The problem of one that was merged has the survivor’s id as `merged_into`."""
        return Response(show_client(client_id))

    @transaction.atomic
    @extend_schema(operation_id="update_client", request=ClientSerializer(partial=True), responses=ClientSerializer)
    def patch(self, request: Any, client_id: UUID) -> Response:
        """Change a client’s name, language, time zone and custom values. What isn’t named stays."""
        client = get_client(client_id, lock=True)
        check_if_match(request, lambda: show_client(client.pk))
        values = validate(ClientSerializer, request.data, partial=True)
        if "custom" in values:
            values["custom"] = merge_custom_values(client.custom, values["custom"])
        services.change_client_details(client=client, staff=self.staff, now=self.now, **values)
        return Response(show_client(client.pk))


def _check_unknown(identifiers: dict[Identifier, str]) -> None:
    """Refuse addresses that a client has already. Raises ApiProblem, which names those clients."""
    found = services.find_clients_with_addresses(identifiers).order_by("created_at", "pk")
    if keys := [str(key) for key in found.values_list("pk", flat=True)[:MAX_NAMED_CLIENTS]]:
        raise ApiProblem(ErrorCode.CLIENT_EXISTS, members={"clients": keys})
