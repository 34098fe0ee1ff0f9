"""The operations of the business API on the waiting list."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import get_named_client
from api.protocol.empty_bodies import takes_no_body
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.booking_problems import translate_booking_errors
from api.scheduling.references import get_named_service
from api.scheduling.slots import build_slot_problem, build_slot_query, check_start
from api.scheduling.waiting_list.entry_presenters import (
    OLDEST_FIRST,
    build_preferences,
    present_entry,
    translate_waiting_errors,
)
from api.scheduling.waiting_list.serializers import (
    NewEntrySerializer,
    NewOfferSerializer,
    WaitingListEntrySerializer,
    WaitingListQuery,
)
from portal.scheduling import services
from portal.scheduling.models import WaitingListEntry
from portal.scheduling.services.waiting_list import entries, offers
from portal.scheduling.services.waiting_list.entry_queries import query_entries


class WaitingListView(BusinessApiView):
    """A view of the waiting list, without demo clients."""

    def get_entry(self, entry_id: UUID) -> WaitingListEntry:
        """Return an entry with all that is shown of it. Raises Http404."""
        return get_object_or_404(query_entries().exclude_demo(), pk=entry_id)

    def show(self, entry_id: UUID) -> dict[str, Any]:
        """Return what is shown of an entry. Raises Http404."""
        return present_entry(self.get_entry(entry_id), now=self.now)


class WaitingListEntryListView(WaitingListView):
    """The waiting list."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(
        operation_id="list_waiting_list_entries",
        parameters=[WaitingListQuery],
        responses=WaitingListEntrySerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List who waits or has waited, those first who joined first: all, or of a state, a client or a service."""
        query = read_query(WaitingListQuery, request)
        filters = {name: query[name] for name in ("state", "client", "service") if query[name]}
        page = get_api_page(query_entries().exclude_demo().filter(**filters), OLDEST_FIRST, query)
        return Response(build_page_body(page, lambda entry: present_entry(entry, now=self.now)))

    @extend_schema(
        operation_id="create_waiting_list_entry",
        request=NewEntrySerializer,
        responses={201: WaitingListEntrySerializer},
    )
    def post(self, request: Any) -> Response:
        """Put a client on the waiting list. Sent twice, it is the same entry; a second one of a service is 409."""
        values = validate(NewEntrySerializer, request.data)
        client, service = get_named_client(values["client"]), get_named_service(values["service"])
        with translate_waiting_errors():
            preferences = build_preferences(values, service)
            entry = entries.join_waiting_list(preferences, client=client, staff=self.staff, now=self.now)
        return Response(self.show(entry.pk), status=201, headers={"Location": f"{request.path}{entry.pk}/"})


class WaitingListEntryView(WaitingListView):
    """One entry of the waiting list."""

    permissions = {"GET": "appointments.view"}

    @extend_schema(operation_id="get_waiting_list_entry", responses=WaitingListEntrySerializer)
    def get(self, request: Any, waiting_list_entry_id: UUID) -> Response:
        """Return an entry."""
        return Response(self.show(waiting_list_entry_id))


class WaitingListWithdrawalView(WaitingListView):
    """Taking a client off the waiting list."""

    permissions = {"POST": "appointments.edit"}

    @extend_schema(operation_id="withdraw_waiting_list_entry", request=None, responses=WaitingListEntrySerializer)
    @takes_no_body
    def post(self, request: Any, waiting_list_entry_id: UUID) -> Response:
        """Take a client off the list; a time that is held for them is free again. Whoever is off it stays so."""
        self.get_entry(waiting_list_entry_id)
        try:
            entries.leave_waiting_list(entry_id=waiting_list_entry_id, staff=self.staff, now=self.now)
        except WaitingListEntry.DoesNotExist as error:
            raise Http404 from error
        return Response(self.show(waiting_list_entry_id))


class WaitingListOfferView(WaitingListView):
    """Offering a time by hand."""

    permissions = {"POST": "appointments.edit"}

    @extend_schema(operation_id="offer_time", request=NewOfferSerializer, responses={201: WaitingListEntrySerializer})
    def post(self, request: Any, waiting_list_entry_id: UUID) -> Response:
        """Hold a time that clients can book for a client who waits, and tell them.

        A time that isn't free is 409 `slot_unavailable`, whose `nearest` are the free times close to it.
        """
        entry, values = self.get_entry(waiting_list_entry_id), validate(NewOfferSerializer, request.data)
        check_start(values, now=self.now)
        service, starts_at = get_named_service(entry.service_id), values["starts_at"]
        query = build_slot_query(self.business, service, starts_at=starts_at, calendar_id=entry.calendar_id)
        try:
            with translate_waiting_errors(), translate_booking_errors():
                offers.offer_time(query, starts_at, entry_id=entry.pk, staff=self.staff, now=self.now)
        except services.SlotUnavailable as error:
            raise build_slot_problem(query, starts_at, now=self.now) from error
        except WaitingListEntry.DoesNotExist as error:
            raise Http404 from error
        return Response(self.show(entry.pk), status=201)
