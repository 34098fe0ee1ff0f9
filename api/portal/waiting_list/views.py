"""The operations of the client API on what the client waits for, and on the times that they are offered."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.appointments.own_appointments import get_own_appointment, present_own_appointment, read_details
from api.portal.appointments.serializers import AppointmentSerializer
from api.portal.booking_rules import get_bookable_service
from api.portal.views import PortalApiView
from api.portal.waiting_list.serializers import AcceptanceSerializer
from api.protocol.empty_bodies import takes_no_body
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.waiting_list.entry_presenters import (
    OLDEST_FIRST,
    build_preferences,
    present_own_entry,
    translate_waiting_errors,
)
from api.scheduling.waiting_list.serializers import (
    OwnNewEntrySerializer,
    OwnWaitingListEntrySerializer,
    OwnWaitingListQuery,
)
from portal.scheduling import services
from portal.scheduling.models import WaitingListEntry, WaitingListOffer
from portal.scheduling.services.waiting_list import answers, entries
from portal.scheduling.services.waiting_list.entry_queries import query_own_entries


class OwnWaitingListView(PortalApiView):
    """A view of what the client waits for."""

    def show(self, entry_id: UUID) -> dict[str, Any]:
        """Return what the client is shown of an entry of theirs. Raises Http404."""
        return present_own_entry(get_object_or_404(query_own_entries(self.client), pk=entry_id), now=self.now)


class WaitingListEntryListView(OwnWaitingListView):
    """What the client waits for."""

    shared_rate_limit = ("booking", "BOOKINGS_PER_IP")

    @extend_schema(
        operation_id="list_waiting_list_entries",
        parameters=[OwnWaitingListQuery],
        responses=OwnWaitingListEntrySerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List what the client waits for and has waited for, what came first first, with the open offers."""
        query = read_query(OwnWaitingListQuery, request)
        page = get_api_page(query_own_entries(self.client).order_by(), OLDEST_FIRST, query)
        return Response(build_page_body(page, lambda entry: present_own_entry(entry, now=self.now)))

    @extend_schema(
        operation_id="create_waiting_list_entry",
        request=OwnNewEntrySerializer,
        responses={201: OwnWaitingListEntrySerializer},
    )
    def post(self, request: Any) -> Response:
        """Wait for a time of a service. Sent twice, it is the same entry; a second one of a service is 409."""
        values = validate(OwnNewEntrySerializer, request.data)
        service = get_bookable_service(self.business, values["service"], is_client=True)
        if not services.get_scheduling_settings(self.business).has_waiting_list:
            raise Http404
        with translate_waiting_errors():
            entry = entries.join_waiting_list(build_preferences(values, service), client=self.client, now=self.now)
        return Response(self.show(entry.pk), status=201)


class WaitingListWithdrawalView(OwnWaitingListView):
    """Leaving the waiting list."""

    @extend_schema(operation_id="withdraw_waiting_list_entry", request=None, responses=OwnWaitingListEntrySerializer)
    @takes_no_body
    def post(self, request: Any, waiting_list_entry_id: UUID) -> Response:
        """Leave the list; a time that is held for the client is let go."""
        try:
            entries.leave_waiting_list(entry_id=waiting_list_entry_id, client=self.client, now=self.now)
        except WaitingListEntry.DoesNotExist as error:
            raise Http404 from error
        return Response(self.show(waiting_list_entry_id))


class OfferAcceptanceView(OwnWaitingListView):
    """Accepting a time that is offered."""

    @extend_schema(operation_id="accept_offer", request=AcceptanceSerializer, responses={201: AppointmentSerializer})
    def post(self, request: Any, offer_id: UUID) -> Response:
        """Book the time that is offered, as any other is booked; an offer that is over is 409 `conflict`."""
        values, offer = validate(AcceptanceSerializer, request.data), self._get_offer(offer_id)
        details = read_details(offer.entry.service, values)
        rules = services.get_scheduling_settings(self.business)
        with translate_waiting_errors():
            booked = answers.accept_offer(
                offer_id=offer.pk, client=self.client, details=details, rules=rules, now=self.now
            )
        shown = present_own_appointment(get_own_appointment(self.client, booked.pk), rules, now=self.now)
        return Response(shown, status=201)

    def _get_offer(self, offer_id: UUID) -> WaitingListOffer:
        try:
            return answers.get_own_offer(self.client, offer_id)
        except WaitingListOffer.DoesNotExist as error:
            raise Http404 from error


class OfferRefusalView(OwnWaitingListView):
    """Declining a time that is offered."""

    @extend_schema(operation_id="decline_offer", request=None, responses=OwnWaitingListEntrySerializer)
    @takes_no_body
    def post(self, request: Any, offer_id: UUID) -> Response:
        """Let the time go, and wait for another; an offer that is over is 409 `conflict`."""
        try:
            with translate_waiting_errors():
                offer = answers.decline_offer(offer_id=offer_id, client=self.client, now=self.now)
        except WaitingListOffer.DoesNotExist as error:
            raise Http404 from error
        return Response(self.show(offer.entry_id))
