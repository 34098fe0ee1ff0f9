"""Codes that a client who is signed in confirms something with: sending one, and verifying what was typed."""

from typing import Any, ClassVar

from django.utils import translation
from rest_framework.response import Response

from api.portal.challenges import (
    CodeSerializer,
    present_api_challenge,
    translate_code_errors,
)
from api.portal.views import PortalApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import validate
from portal.access import services as access
from portal.access.models import Challenge, ChallengePurpose
from portal.account.services import describe_missing_texts
from portal.clients.identifiers import Identifier
from tenants.visitor_networks import get_visitor_network


class ConfirmationView(PortalApiView):
    """A step of confirming something by a code. Nothing of it is repeated by an `Idempotency-Key`: guesses count."""

    supports_idempotency_key = False
    purpose: ClassVar[ChallengePurpose]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse the demo client, to whom no code is ever sent. Raises ApiProblem."""
        super().initial(request, *args, **kwargs)
        if self.client.is_demo:
            raise ApiProblem(ErrorCode.FORBIDDEN, detail="No code is ever sent to the demo client.")


class ConfirmationChallengeView(ConfirmationView):
    """Sends a code."""

    shared_rate_limit = ("code-request", "LOGIN_REQUESTS_PER_IP")

    def send_code(self, identifier: Identifier) -> Response:
        """Send a code to an address and answer with its challenge. Raises ApiProblem and RateLimitExceeded."""
        try:
            challenge, token = access.open_confirmation_challenge(
                business=self.business,
                session=self.session,
                purpose=self.purpose,
                identifier=identifier,
                network=get_visitor_network(self.http_request),
                language=translation.get_language() or "",
                now=self.now,
            )
        except access.TextNotAllowed as error:
            raise build_field_problem("identifier", "no_texts", describe_missing_texts(self.business)) from error
        settings = self.http_request.portal_settings
        return Response(present_api_challenge(challenge, token, portal_settings=settings), status=201)


class ConfirmationAnswerView(ConfirmationView):
    """Verifies a code."""

    shared_rate_limit = ("guess", "LOGIN_GUESSES_PER_IP")

    def verify_code(self, challenge_id: str) -> Challenge:
        """Return the challenge that the code in the body has confirmed. Raises ApiProblem and RateLimitExceeded."""
        code = validate(CodeSerializer, self.request.data)["code"]
        found = access.find_challenge(token=challenge_id, purpose=self.purpose, now=self.now)
        if found is None or found.client_id != self.client.pk:
            raise ApiProblem(ErrorCode.CHALLENGE_CLOSED)
        with translate_code_errors():
            return access.confirm_challenge(
                business=self.business, token=challenge_id, typed=code, purpose=self.purpose, now=self.now
            )
