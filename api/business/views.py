"""The base of all views of the business API."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from api.business.key_authentication import ApiKeyAuthentication
from api.protocol.error_codes import ErrorCode
from api.protocol.large_bodies import grant_large_body, read_large_body
from api.protocol.problems import ApiProblem
from api.protocol.rate_limits import check_rate_limits
from api.protocol.views import ApiView
from tenants.client_ip import get_client_ip
from tenants.context import use_business
from tenants.limits import FORM_BYTES
from tenants.models import ApiKey, Business, Membership
from tenants.nouns import registry
from tenants.staff.permissions import has_permission
from tenants.staff.staff_actor import StaffActor

# As long as the columns in which an actor's name is kept.
MAX_ACTOR_NAME_LENGTH = 160
SAFE_METHODS = ("GET", "HEAD")


class BusinessApiRequest(Request):
    """A request with a usable key."""

    auth: ApiKey


class BusinessApiView(ApiView):
    """A view that runs in the schema of the key's business.

    `permissions` names the permission that each method needs: the key must have a scope with it, and whoever made the
    key must have it too. While the business is suspended, only reading is possible, and what doesn't change its data
    (`changes_data`). `max_body_bytes` is how large a body may be that is not a form with files; a view that takes more
    than others also has a limit_upload_size() in its URLs.
    """

    authentication_classes = (ApiKeyAuthentication,)
    permissions: ClassVar[Mapping[str, str]] = {}
    changes_data: ClassVar[bool] = True
    max_body_bytes: ClassVar[int] = FORM_BYTES
    request: BusinessApiRequest

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Authenticate, count the request, check the permission, and enter the business. Raises ApiProblem."""
        super().initial(request, *args, **kwargs)
        self.rate_limit_status = check_rate_limits(self.key)
        self._check_permission(request.method)
        self.scope.enter_context(use_business(self.business))
        self.scope.enter_context(timezone.override(ZoneInfo(self.business.time_zone)))

    def get_owner(self) -> str:
        """Return whose idempotency keys the request's is among: the API key's."""
        return f"key:{self.key.pk}"

    def run_method(self, handler: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
        """Run a method once its body is there: the server asks before it reads a large one."""
        if grant_large_body(self.request, owner=str(self.business.pk)):
            return Response(status=204)
        if self.request.method not in SAFE_METHODS:
            read_large_body(self.http_request, max_bytes=self.max_body_bytes)
        return super().run_method(handler, *args, **kwargs)

    @property
    def key(self) -> ApiKey:
        """Return the key of the request."""
        return self.request.auth

    @property
    def membership(self) -> Membership:
        """Return the membership of whoever made the key."""
        assert self.key.membership, "a key without its maker is refused"
        return self.key.membership

    @property
    def business(self) -> Business:
        """Return the business of the key."""
        return self.key.business

    @property
    def staff(self) -> StaffActor:
        """Return whoever made the key, as the actor of what it does; the name says by which key."""
        by_key = f" ({self.key.name})"
        name = self.staff_without_key.name[: MAX_ACTOR_NAME_LENGTH - len(by_key)]
        return replace(self.staff_without_key, name=f"{name}{by_key}")

    @property
    def staff_without_key(self) -> StaffActor:
        """Return whoever made the key under their own name, for what clients read."""
        person, ip = self.membership.person, get_client_ip(self.request)
        return StaffActor(person.pk, person.name or person.email, str(ip) if ip else None)

    def may(self, permission: str) -> bool:
        """Tell whether a scope of the key has a permission, and whoever made the key has it too."""
        scopes = registry.get_api_scopes()
        is_in_scope = any(permission in scopes[name].permissions for name in self.key.scopes if name in scopes)
        return is_in_scope and has_permission(self.membership, permission)

    def require(self, permission: str) -> None:
        """Raise ApiProblem unless the key has a further permission, beside that of the method."""
        if not self.may(permission):
            raise ApiProblem(ErrorCode.FORBIDDEN)

    def _check_permission(self, method: str) -> None:
        permission = self.permissions.get("GET" if method == "HEAD" else method)
        if permission is None:
            self.http_method_not_allowed(self.request)
        self.require(str(permission))
        if method not in SAFE_METHODS and self.changes_data and not self.business.is_open:
            raise ApiProblem(ErrorCode.BUSINESS_SUSPENDED)
