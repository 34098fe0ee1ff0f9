"""The operations of the business API on the members of the team."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.team.serializers import MemberSerializer, TeamQuery
from portal.team import services
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.business_locks import lock_business
from tenants.models import Membership, Role
from tenants.staff import team
from tenants.staff.team import TeamChangeDenied

JOINING_ORDER = Keyset({"created_at": parse_cursor_instant, "person_id": parse_cursor_key}, is_descending=False)
OWNERS_ONLY_BY_PEOPLE = "Keys can’t make somebody an owner, or change or remove one. Owners do that in the console."
BEYOND_MAKER = "Whoever made this key may not give or change this role or area."


class MemberListView(BusinessApiView):
    """The members of the team."""

    permissions = {"GET": "team.view"}

    @extend_schema(operation_id="list_members", parameters=[TeamQuery], responses=MemberSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the members of the team, in the order in which they joined."""
        query = read_query(TeamQuery, request)
        return Response(build_page_body(get_api_page(team.list_members(self.business), JOINING_ORDER, query), _present))


class MemberView(BusinessApiView):
    """One member of the team."""

    permissions = {"GET": "team.view", "PATCH": "team.manage", "DELETE": "team.manage"}

    @extend_schema(operation_id="get_member", responses=MemberSerializer)
    def get(self, request: Any, person_id: UUID) -> Response:
        """Return a member."""
        return Response(_present(self._get_member(person_id)))

    @transaction.atomic
    @extend_schema(operation_id="update_member", request=MemberSerializer(partial=True), responses=MemberSerializer)
    def patch(self, request: Any, person_id: UUID) -> Response:
        """Change a member’s role and areas, never beyond those of whoever made the key."""
        # So that nobody changes it after the comparison.
        lock_business(self.business)
        member = self._get_member(person_id)
        check_if_match(request, lambda: _present(member))
        values = {"role": member.role, "areas": member.areas}
        values |= validate(MemberSerializer, request.data, partial=True)
        refuse_owners(member.role, str(values["role"]))
        changed = self._change_team(services.change_member, member=member, business_is_locked=True, **values)
        return Response(_present(changed))

    @extend_schema(operation_id="remove_member", responses={204: None})
    def delete(self, request: Any, person_id: UUID) -> Response:
        """Remove a member, who loses all access, and whose keys work no longer."""
        member = self._get_member(person_id)
        refuse_owners(member.role)
        self._change_team(services.remove_member, member=member)
        return Response(status=204)

    def _get_member(self, person_id: UUID) -> Membership:
        return get_object_or_404(team.list_members(self.business), person=person_id)

    def _change_team(self, change: Callable[..., Any], **values: Any) -> Any:
        try:
            return change(by=self.membership, staff=self.staff, now=self.now, **values)
        except TeamChangeDenied as error:
            raise ApiProblem(ErrorCode.FORBIDDEN, detail=BEYOND_MAKER) from error


def refuse_owners(*roles: str) -> None:
    """Refuse to give or touch the role of owners: with a copied key somebody could take over the business.

    Raises ApiProblem.
    """
    if Role.OWNER in roles:
        raise ApiProblem(ErrorCode.FORBIDDEN, detail=OWNERS_ONLY_BY_PEOPLE)


def _present(member: Membership) -> dict[str, Any]:
    return {
        "id": str(member.person.pk),
        "name": member.person.name,
        "email": member.person.email,
        "role": member.role,
        "areas": member.areas,
        "joined_at": member.created_at,
    }
