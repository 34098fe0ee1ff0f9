"""The operations of the business API on invitations to the team."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.team.serializers import InvitationSerializer, TeamQuery
from api.team.views import BEYOND_MAKER, refuse_owners
from portal.team import services
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.models import Business, Invitation
from tenants.staff import invitations
from tenants.staff.invitations import InvalidInvitation
from tenants.staff.team import TeamChangeDenied
from tenants.validators import InvalidBusiness

NEWEST_FIRST = Keyset({"sent_at": parse_cursor_instant, "pk": parse_cursor_key})


class InvitationListView(BusinessApiView):
    """The open invitations to the team."""

    permissions = {"GET": "team.view", "POST": "team.manage"}

    @extend_schema(operation_id="list_invitations", parameters=[TeamQuery], responses=InvitationSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the open invitations, the newest first; expired ones are among them until they are withdrawn."""
        query = read_query(TeamQuery, request)
        found = invitations.query_business_invitations(self.business)
        return Response(build_page_body(get_api_page(found, NEWEST_FIRST, query), _present))

    @extend_schema(operation_id="invite_member", request=InvitationSerializer, responses={201: InvitationSerializer})
    def post(self, request: Any) -> Response:
        """Invite somebody to the team by email, with a role and areas that whoever made the key may give."""
        values = validate(InvitationSerializer, request.data)
        refuse_owners(values["role"])
        try:
            invitation = services.invite_member(by=self.membership, staff=self.staff, now=self.now, **values)
        except TeamChangeDenied as error:
            raise ApiProblem(ErrorCode.FORBIDDEN, detail=BEYOND_MAKER) from error
        except InvalidBusiness as error:
            raise build_field_problem("email", "invalid", str(error)) from error
        except InvalidInvitation as error:
            raise build_field_problem("email", "not_invitable", str(error)) from error
        return Response(_present(invitation), status=201)


class InvitationView(BusinessApiView):
    """One open invitation to the team."""

    permissions = {"GET": "team.view", "DELETE": "team.manage"}

    @extend_schema(operation_id="get_invitation", responses=InvitationSerializer)
    def get(self, request: Any, invitation_id: UUID) -> Response:
        """Return an open invitation."""
        return Response(_present(_get_invitation(self.business, invitation_id)))

    @extend_schema(operation_id="withdraw_invitation", responses={204: None})
    def delete(self, request: Any, invitation_id: UUID) -> Response:
        """Withdraw an invitation: its link no longer works."""
        invitation = _get_invitation(self.business, invitation_id)
        try:
            services.withdraw_invitation(invitation=invitation, staff=self.staff, now=self.now)
        except InvalidInvitation as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=str(error)) from error
        return Response(status=204)


class InvitationReminderView(BusinessApiView):
    """The reminders of one open invitation."""

    permissions = {"POST": "team.manage"}

    @extend_schema(operation_id="resend_invitation", request=None, responses=InvitationSerializer)
    @takes_no_body
    def post(self, request: Any, invitation_id: UUID) -> Response:
        """Send an invitation again, with a new link and its full lifetime; the previous link no longer works."""
        invitation = _get_invitation(self.business, invitation_id)
        try:
            services.resend_invitation(invitation=invitation, staff=self.staff, now=self.now)
        except InvalidInvitation as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=str(error)) from error
        return Response(_present(invitation))


def _get_invitation(business: Business, invitation_id: UUID) -> Invitation:
    return get_object_or_404(invitations.query_business_invitations(business), pk=invitation_id)


def _present(invitation: Invitation) -> dict[str, Any]:
    inviter = invitation.invited_by
    columns = ("id", "email", "role", "areas", "sent_at", "expires_at")
    return {name: getattr(invitation, name) for name in columns} | {
        "invited_by": (inviter.name or inviter.email) if inviter else ""
    }
