"""The operation by which a program that is signed in as a client gets new tokens."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.client_authentication import refuse_token
from api.portal.sign_in.serializers import TokensSerializer, present_tokens
from api.portal.tokens.serializers import RefreshSerializer
from api.portal.views import PortalApiView
from api.protocol.rate_limits import check_anonymous_limit, check_session_limit
from api.protocol.serializers import validate
from portal.access import services


class TokenListView(PortalApiView):
    """Tokens. Only refused requests count for the network: thousands of phones share one."""

    authentication_classes = ()
    is_open_to_anybody = True
    supports_idempotency_key = False
    may_answer_401 = True

    @extend_schema(operation_id="refresh_tokens", request=RefreshSerializer, responses={201: TokensSerializer})
    def post(self, request: Any) -> Response:
        """Exchange a refresh token for new tokens, once.

        Sent again within ten seconds, it gets the same tokens. Later on, it ends the session: a copy is about.
        """
        values = validate(RefreshSerializer, request.data)
        try:
            session = services.find_session_by_refresh_token(now=self.now, **values)
            # Before the exchange: a refusal must not use the token up.
            self.rate_limit_status = check_session_limit(session.pk)
            issued = services.refresh_tokens(session=session, now=self.now, **values)
        except services.TokenInvalid:
            check_anonymous_limit(request)
            refuse_token()
        return Response(TokensSerializer(present_tokens(issued)).data, status=201)

    def count_request(self, request: Any) -> None:
        """Count nothing before the token is judged."""
