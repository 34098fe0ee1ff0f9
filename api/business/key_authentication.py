"""Authenticates a request to the business API by its key."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from tenants import database_clock
from tenants.api_keys import find_api_key, is_key_usable, is_network_allowed, record_key_use
from tenants.client_ip import get_client_ip
from tenants.models import ApiKey, Person

CHALLENGE = 'Bearer realm="Portico business API"'


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer pk_…`. Every key that can't be used gets the same answer, whatever the reason."""

    def authenticate(self, request: Request) -> tuple[Person, ApiKey]:
        """Return the key and who made it. Raises ApiProblem."""
        now = database_clock.now()
        key = find_api_key(_read_bearer_token(request))
        if key is None or key.membership is None or not is_key_usable(key, now=now):
            raise ApiProblem(ErrorCode.UNAUTHENTICATED, headers={"WWW-Authenticate": CHALLENGE})
        if not is_network_allowed(key, get_client_ip(request)):
            raise ApiProblem(ErrorCode.NETWORK_NOT_ALLOWED)
        record_key_use(key, now=now)
        return key.membership.person, key

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return CHALLENGE


def _read_bearer_token(request: Request) -> str:
    scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
