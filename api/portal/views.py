"""The base of all views of the client API, on the host of a portal."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api.portal.client_authentication import ClientAuthentication, refuse_token
from api.protocol.rate_limits import check_anonymous_limit, check_session_limit
from api.protocol.views import ApiView
from portal.access.models import PortalSession
from portal.access.network_limits import check_network_rate_limit
from portal.access.request_types import SessionRequest
from portal.clients.models import Client
from tenants.client_ip import get_client_network
from tenants.models import Business
from tenants.tokens import digest_token


class PortalApiRequest(Request):
    """A request of a client, or of anybody where the view lets them."""

    user: Client
    auth: PortalSession | None


class PortalApiView(ApiView):
    """A view that runs in the schema of the portal's business, which the host names.

    Without `is_open_to_anybody` a client has to be signed in. Requests are counted for the client's session, else for
    the network; `shared_rate_limit` names the limit of the portal's page that does the same and its setting, which is
    then counted instead, so that nobody gets more by using both. `may_answer_401` says that a view without
    authentication answers 401 as well, since it reads a token from the body.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = (ClientAuthentication,)
    is_open_to_anybody: ClassVar[bool] = False
    may_answer_401: ClassVar[bool] = False
    shared_rate_limit: ClassVar[tuple[str, str] | None] = None
    request: PortalApiRequest
    http_request: SessionRequest

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Authenticate and count the request. Raises ApiProblem and RateLimitExceeded."""
        super().initial(request, *args, **kwargs)
        self.count_request(request)
        if not self.is_open_to_anybody and not request.auth:
            refuse_token()

    def get_owner(self) -> str:
        """Return whose idempotency keys the request's is among: the session's, or those of a network."""
        if self.request.auth:
            return f"session:{self.request.auth.pk}"
        return f"network:{digest_token(get_client_network(self.request)).hex()[:32]}"

    def count_request(self, request: PortalApiRequest) -> None:
        """Count a request towards its limits. Raises RateLimitExceeded."""
        if request.auth:
            self.rate_limit_status = check_session_limit(request.auth.pk)
        if self.shared_rate_limit and request.method == "POST":
            check_network_rate_limit(self.http_request, *self.shared_rate_limit)
        elif not request.auth:
            check_anonymous_limit(request)

    @property
    def business(self) -> Business:
        """Return the business of the portal."""
        return self.http_request.business

    @property
    def session(self) -> PortalSession:
        """Return the session of the client who asks."""
        assert self.request.auth, "nobody gets here who isn't signed in"
        return self.request.auth

    @property
    def client(self) -> Client:
        """Return the client who asks."""
        return self.request.user
