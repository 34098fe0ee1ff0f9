"""The operations of signing in by the client API: the services of the sign-in pages, with the same limits.

Cookies are ignored and none is set. Who asks for a code is told the token of the challenge as its id, where a page
keeps it in a cookie: 256 random bits of which the database holds a digest. No step is repeated by an `Idempotency-Key`:
a guess has to stay counted, and the answers are secrets.
"""

import math
from typing import Any, NoReturn

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.challenges import (
    ChallengeSerializer,
    parse_api_identifier,
    present_api_challenge,
    translate_code_errors,
)
from api.portal.sign_in.serializers import (
    AnswerSerializer,
    ChallengeRequestSerializer,
    ChoiceSerializer,
    ResendSerializer,
    SignInSerializer,
    present_tokens,
)
from api.portal.views import PortalApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import validate
from portal.access import attack_mode, services
from portal.access.models import Challenge
from portal.access.services import BrowserTokens, NewSession
from tenants import tokens
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded
from tenants.user_agents import get_user_agent_label
from tenants.visitor_networks import get_visitor_network


class SignInView(PortalApiView):
    """A step of signing in, which anybody may take."""

    authentication_classes = ()
    is_open_to_anybody = True
    supports_idempotency_key = False

    def present_challenge(self, challenge: Challenge, token: str) -> dict[str, Any]:
        """Return what the API shows of a challenge."""
        return present_api_challenge(challenge, token, portal_settings=self.http_request.portal_settings)

    def build_browser(self, device_token: str) -> BrowserTokens:
        """Return the program as the services know a browser."""
        return BrowserTokens(device_token, get_user_agent_label(self.request.headers.get("User-Agent", "")))

    def complete_sign_in(self, new_session: NewSession) -> Response:
        """Answer with the tokens of a session that was just opened."""
        issued = services.issue_tokens(session=new_session.session, now=self.now)
        body = {"tokens": present_tokens(issued), "device_token": new_session.browser_token, "clients": []}
        return Response(SignInSerializer(body).data, status=201)


class ChallengeListView(SignInView):
    """Challenges: attempts to sign in."""

    shared_rate_limit = ("code-request", "LOGIN_REQUESTS_PER_IP")

    @extend_schema(
        operation_id="create_challenge", request=ChallengeRequestSerializer, responses={201: ChallengeSerializer}
    )
    def post(self, request: Any) -> Response:
        """Ask for a code. The answer is the same whether or not a client has the address."""
        values = validate(ChallengeRequestSerializer, request.data)
        code_request = services.CodeRequest(
            identifier=parse_api_identifier(values["identifier"], business=self.business),
            browser_digest=tokens.digest_token(values["device_token"]),
            network=get_visitor_network(self.http_request),
            language=translation.get_language() or "",
            wait_token=values["wait_token"],
        )
        under_attack = self.http_request.resolved_host.is_under_attack(self.now)
        try:
            challenge, token = services.request_code(
                business=self.business, code_request=code_request, under_attack=under_attack, now=self.now
            )
        except attack_mode.WaitRequired as wait:
            _require_wait(wait)
        return Response(self.present_challenge(challenge, token), status=201)


class AnswerListView(SignInView):
    """Answers to a challenge: codes."""

    shared_rate_limit = ("guess", "LOGIN_GUESSES_PER_IP")

    @extend_schema(
        operation_id="answer_challenge",
        request=AnswerSerializer,
        responses={200: SignInSerializer, 201: SignInSerializer},
    )
    def post(self, request: Any, challenge_id: str) -> Response:
        """Send the code: 201 with tokens, or 200 with the clients who share the address, to choose one of them."""
        values = validate(AnswerSerializer, request.data)
        browser = self.build_browser(values["device_token"])
        with translate_code_errors():
            identity = services.verify_code(
                business=self.business,
                token=challenge_id,
                typed=values["code"],
                browser=browser,
                remember_me=values["remember_me"],
                now=self.now,
            )
            if identity.new_session:
                return self.complete_sign_in(identity.new_session)
            return self._list_clients(challenge_id)

    def _list_clients(self, challenge_id: str) -> Response:
        challenge, generation = services.get_pending_account_selection(token=challenge_id, now=self.now)
        clients = services.find_verified_clients(challenge, generation, browser_digest=b"")
        return Response(SignInSerializer({"tokens": None, "device_token": None, "clients": clients}).data)


class ChoiceListView(SignInView):
    """The choice between clients who share an address."""

    @extend_schema(operation_id="choose_client", request=ChoiceSerializer, responses={201: SignInSerializer})
    def post(self, request: Any, challenge_id: str) -> Response:
        """Sign in as one of the clients who share the address, after a right code."""
        values = validate(ChoiceSerializer, request.data)
        try:
            with translate_code_errors():
                new_session = services.select_account(
                    token=challenge_id,
                    client_id=str(values["client"]),
                    browser=self.build_browser(values["device_token"]),
                    remember_me=values["remember_me"],
                    now=self.now,
                )
        except services.InvalidAccountSelection as error:
            raise build_field_problem("client", "not_among_them", "Choose one of the clients of the answer.") from error
        return self.complete_sign_in(new_session)


class ResendListView(SignInView):
    """Further codes of a challenge."""

    shared_rate_limit = ("code-request", "LOGIN_REQUESTS_PER_IP")

    @extend_schema(operation_id="resend_code", request=ResendSerializer, responses={201: ChallengeSerializer})
    def post(self, request: Any, challenge_id: str) -> Response:
        """Ask for another code, by the same channel or the other one. The code before works until it expires."""
        values = validate(ResendSerializer, request.data)
        try:
            challenge = services.resend_code(
                business=self.business,
                token=challenge_id,
                channel=Channel(values["channel"]) if values["channel"] else None,
                browser_digest=tokens.digest_token(values["device_token"]),
                language=translation.get_language() or "",
                now=self.now,
            )
        except Challenge.DoesNotExist as error:
            raise ApiProblem(ErrorCode.CHALLENGE_CLOSED) from error
        except services.ResendRefused as refused:
            _refuse_resend(refused)
        return Response(self.present_challenge(challenge, challenge_id), status=201)


def _require_wait(wait: attack_mode.WaitRequired) -> NoReturn:
    raise ApiProblem(
        ErrorCode.WAIT_REQUIRED,
        headers={"Retry-After": str(max(1, math.ceil(settings.ATTACK_MODE_DELAY.total_seconds())))},
        members={"wait_token": wait.wait_token, "reason": wait.reason.value},
    )


def _refuse_resend(refused: services.ResendRefused) -> NoReturn:
    if refused.retry_at is None:
        raise ApiProblem(ErrorCode.CHALLENGE_CLOSED, detail="No more codes can be sent for this sign-in. Start again.")
    raise RateLimitExceeded(refused.retry_at)
