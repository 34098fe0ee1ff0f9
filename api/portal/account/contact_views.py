"""The operations of the client API on a client's own email addresses and numbers.

As on the pages, an address is added or replaced by a code that was sent to it, shortly after the client has signed in
or has confirmed again that it is them; only staff remove one, or choose the main one.
"""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.account.confirmations import ConfirmationAnswerView, ConfirmationChallengeView, ConfirmationView
from api.portal.account.serializers import NewContactSerializer, OwnContactSerializer
from api.portal.challenges import ChallengeSerializer, CodeSerializer, parse_api_identifier
from api.portal.views import PortalApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import validate
from portal.access import services as access
from portal.access.models import ChallengePurpose
from portal.access.reauthentication import is_recent_authentication
from portal.account.services import NewContactRefused, check_new_contact
from portal.clients.identifiers import Identifier
from portal.clients.models import Contact, ContactKind, ContactSource


class ContactListView(PortalApiView):
    """The client's email addresses and numbers."""

    @extend_schema(operation_id="list_own_contacts", responses=OwnContactSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the client's email addresses and numbers."""
        contacts = self.client.contacts.order_by("kind", "created_at", "pk")
        return Response({"items": OwnContactSerializer(contacts, many=True).data})


class RecentAuthenticationView(ConfirmationView):
    """A step of changing an address, which needs a code that was typed a short while ago."""

    purpose = ChallengePurpose.NEW_CONTACT

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse a client who signed in a while ago. Raises ApiProblem."""
        super().initial(request, *args, **kwargs)
        if not is_recent_authentication(self.session, now=self.now):
            raise ApiProblem(ErrorCode.CODE_NEEDED)

    def find_contact(self, contact_id: UUID | None) -> Contact | None:
        """Return the address to replace, if there is one. Raises Http404 for another client's."""
        return get_object_or_404(self.client.contacts, pk=contact_id) if contact_id else None


class NewContactChallengeView(RecentAuthenticationView, ConfirmationChallengeView):
    """Sends a code to a new address."""

    def send_code_to_new_address(self, contact_id: UUID | None = None) -> Response:
        """Send a code to the address in the body, if it can be added, or take the place of another one."""
        old = self.find_contact(contact_id)
        values = validate(NewContactSerializer, self.request.data)
        identifier = parse_api_identifier(values["identifier"], business=self.business)
        try:
            check_new_contact(
                client=self.client,
                new=identifier,
                old=old,
                business=self.business,
                portal_settings=self.http_request.portal_settings,
            )
        except NewContactRefused as error:
            raise build_field_problem("identifier", error.code, str(error)) from error
        return self.send_code(identifier)


class NewContactAnswerView(RecentAuthenticationView, ConfirmationAnswerView):
    """Verifies the code that was sent to a new address."""

    def save_contact(self, challenge_id: str, contact_id: UUID | None = None) -> Response:
        """Put the new address on the card, if the code in the body is right."""
        old = self.find_contact(contact_id)
        challenge = self.verify_code(challenge_id)
        contact = access.change_contact(
            client=self.client,
            old=old,
            new=Identifier(ContactKind(challenge.identifier_kind), challenge.address),
            source=ContactSource.CLIENT,
            current_session=self.session,
            now=self.now,
        )
        return Response(OwnContactSerializer(contact).data, status=201)


class ContactChallengeListView(NewContactChallengeView):
    """Codes to an address that is added."""

    @extend_schema(
        operation_id="create_contact_challenge", request=NewContactSerializer, responses={201: ChallengeSerializer}
    )
    def post(self, request: Any) -> Response:
        """Ask for a code to a new address, which proves that it is the client’s."""
        return self.send_code_to_new_address()


class ContactAnswerListView(NewContactAnswerView):
    """Answers to these challenges: codes."""

    @extend_schema(
        operation_id="answer_contact_challenge", request=CodeSerializer, responses={201: OwnContactSerializer}
    )
    def post(self, request: Any, challenge_id: str) -> Response:
        """Send the code, which adds the address. Other devices are signed out, and all addresses are told."""
        return self.save_contact(challenge_id)


class ReplacementChallengeListView(NewContactChallengeView):
    """Codes to an address that replaces another one."""

    @extend_schema(
        operation_id="create_replacement_challenge", request=NewContactSerializer, responses={201: ChallengeSerializer}
    )
    def post(self, request: Any, contact_id: UUID) -> Response:
        """Ask for a code to an address of the same kind, which then replaces this one."""
        return self.send_code_to_new_address(contact_id)


class ReplacementAnswerListView(NewContactAnswerView):
    """Answers to these challenges: codes."""

    @extend_schema(
        operation_id="answer_replacement_challenge", request=CodeSerializer, responses={201: OwnContactSerializer}
    )
    def post(self, request: Any, contact_id: UUID, challenge_id: str) -> Response:
        """Send the code, which replaces the address. Other devices are signed out, and all addresses are told."""
        return self.save_contact(challenge_id, contact_id)
