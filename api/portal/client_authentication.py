"""Authenticates a request to the client API by an access token, or by the portal's cookie."""

from typing import Any, NoReturn

from rest_framework.authentication import BaseAuthentication, CSRFCheck, get_authorization_header
from rest_framework.request import Request

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from portal.access import services
from portal.access.models import PortalSession
from portal.clients.models import Client
from tenants import database_clock

CHALLENGE = 'Bearer realm="Portico client API"'
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MAX_TOKEN_LENGTH = 100


class ClientAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` with an access token; else the session of the portal's cookie.

    A request with both is judged by its token alone. One with the cookie, which browsers send by themselves, has to
    prove by the CSRF token that the portal's own page sent it, unless it only reads.
    """

    def authenticate(self, request: Any) -> tuple[Client, PortalSession] | None:
        """Return the client and their session, or None for nobody. Raises ApiProblem."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() == "bearer":
            session = _find_token_session(token.strip())
            return session.client, session
        cookie_session: PortalSession | None = request.client_session
        if not cookie_session:
            return None
        _check_csrf_token(request)
        return cookie_session.client, cookie_session

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return CHALLENGE


def refuse_token(code: ErrorCode = ErrorCode.UNAUTHENTICATED) -> NoReturn:
    """Raise the ApiProblem that is answered as 401."""
    raise ApiProblem(code, headers={"WWW-Authenticate": CHALLENGE})


def _find_token_session(token: str) -> PortalSession:
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        refuse_token()
    try:
        return services.find_session_by_access_token(token=token, now=database_clock.now())
    except services.TokenExpired:
        refuse_token(ErrorCode.TOKEN_EXPIRED)
    except services.TokenInvalid:
        refuse_token()


def _check_csrf_token(request: Any) -> None:
    if request.method in SAFE_METHODS:
        return
    check = CSRFCheck(lambda _request: None)
    check.process_request(request)
    if check.process_view(request, None, (), {}):
        raise ApiProblem(ErrorCode.CSRF_FAILED)
