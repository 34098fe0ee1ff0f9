"""The operations of the business API on support tickets."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import get_named_client, present_client_reference
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.support_tickets.serializers import (
    NewTicketSerializer,
    TicketClosureSerializer,
    TicketListQuery,
    TicketSerializer,
)
from portal.signin_support import page_contexts, support_tickets
from portal.signin_support.ticket_rows import TicketRow, build_ticket_rows
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.models import Business, SupportTicket, TicketResolution
from tenants.support_tickets import list_business_tickets

NEWEST_FIRST = Keyset({"opened_at": parse_cursor_instant, "pk": parse_cursor_key})
CLIENT_FOUND = "A client has this address or name. Open the ticket about them."
NOT_OPENER = "Only whoever opened the ticket, or support, can close it."
CLOSED = "This ticket was already closed."


class TicketListView(BusinessApiView):
    """The business’s tickets."""

    permissions = {"GET": "support.view", "POST": "support.send"}

    @extend_schema(
        operation_id="list_support_tickets", parameters=[TicketListQuery], responses=TicketSerializer(many=True)
    )
    def get(self, request: Any) -> Response:
        """List the business’s tickets with the platform’s support, the newest first."""
        query = read_query(TicketListQuery, request)
        tickets = list_business_tickets(self.business)
        page = get_api_page(tickets.filter(state=query["state"]) if query["state"] else tickets, NEWEST_FIRST, query)
        items = [_present(row) for row in build_ticket_rows(page.rows)]
        return Response({"items": items, "next_cursor": page.next_cursor or None})

    @extend_schema(
        operation_id="open_support_ticket",
        request=NewTicketSerializer,
        responses={200: TicketSerializer, 201: TicketSerializer},
    )
    def post(self, request: Any) -> Response:
        """Ask the platform’s support about somebody who can’t sign in.

        What happened is attached, without addresses and codes. If there is an open ticket of the last hour about the
        same, it is returned with 200.
        """
        values = validate(NewTicketSerializer, request.data)
        ticket, is_new = self._open_ticket(values.get("client"), values.get("typed", ""))
        if not is_new:
            return Response(_present_ticket(ticket))
        ticket.opened_by = self.membership.person
        return Response(_present_ticket(ticket), status=201, headers={"Location": f"{request.path}{ticket.pk}/"})

    def _open_ticket(self, client_id: UUID | None, typed: str) -> tuple[SupportTicket, bool]:
        """Open a ticket about a client or what was typed. Raises ApiProblem."""
        fields: dict[str, Any] = {"business": self.business, "staff": self.staff, "now": self.now}
        if client_id is None:
            try:
                return support_tickets.open_ticket_about_entry(typed=typed, **fields)
            except support_tickets.ClientFound as error:
                members = {"clients": [str(client.pk) for client in error.clients]}
                raise ApiProblem(ErrorCode.CLIENT_EXISTS, detail=CLIENT_FOUND, members=members) from error
        client = get_named_client(client_id)
        diagnostics = page_contexts.build_current_diagnostics(self.business, client)
        return support_tickets.open_ticket(diagnostics=diagnostics, **fields)


class TicketView(BusinessApiView):
    """One ticket."""

    permissions = {"GET": "support.view"}

    @extend_schema(operation_id="get_support_ticket", responses=TicketSerializer)
    def get(self, request: Any, ticket_id: UUID) -> Response:
        """Return a ticket with support’s answer."""
        return Response(_present_ticket(_get_ticket(self.business, ticket_id)))


class TicketClosureView(BusinessApiView):
    """The closure of one ticket."""

    permissions = {"POST": "support.send"}

    @extend_schema(operation_id="close_support_ticket", request=TicketClosureSerializer, responses=TicketSerializer)
    def post(self, request: Any, ticket_id: UUID) -> Response:
        """Close a ticket. Only a key of whoever opened it can."""
        ticket = _get_ticket(self.business, ticket_id)
        resolution = TicketResolution(validate(TicketClosureSerializer, request.data)["resolution"])
        try:
            is_closed = support_tickets.close_ticket(
                ticket=ticket, resolution=resolution, staff=self.staff, now=self.now
            )
        except support_tickets.TicketClosureDenied as error:
            raise ApiProblem(ErrorCode.NOT_AUTHOR, detail=NOT_OPENER) from error
        if not is_closed:
            raise ApiProblem(ErrorCode.CONFLICT, detail=CLOSED)
        return Response(_present_ticket(ticket))


def _get_ticket(business: Business, ticket_id: UUID) -> SupportTicket:
    return get_object_or_404(list_business_tickets(business).select_related("business", "opened_by"), pk=ticket_id)


def _present_ticket(ticket: SupportTicket) -> dict[str, Any]:
    [row] = build_ticket_rows([ticket])
    return _present(row)


def _present(row: TicketRow) -> dict[str, Any]:
    ticket, columns = row.ticket, ("id", "state", "opened_at", "answer", "answered_at", "resolution", "closed_at")
    shown = {name: getattr(ticket, name) for name in columns}
    person = ticket.opened_by
    shown |= {"client": present_client_reference(row.client), "typed": row.typed}
    return TicketSerializer(shown | {"opened_by": (person.name or person.email) if person else ""}).data
