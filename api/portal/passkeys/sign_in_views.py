"""The operations by which a program signs a client in with a passkey, as on the sign-in page.

Opening a challenge writes nothing, and every answer that signs nobody in gets the same problem.
"""

import json
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.passkeys.serializers import SignInPasskeyChallengeSerializer, SignInPasskeyResponseSerializer
from api.portal.passkeys.views import PasskeyView
from api.portal.sign_in.serializers import SignInSerializer
from api.portal.sign_in.views import SignInView
from api.protocol.empty_bodies import EmptyBodySerializer, takes_no_body
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from portal.passkeys import services
from tenants import tokens

REJECTED = "That passkey doesn’t work here. Sign in with a code."


class SignInChallengeListView(SignInView, PasskeyView):
    """Challenges for any passkey of this portal."""

    @extend_schema(
        operation_id="create_sign_in_passkey_challenge",
        request=EmptyBodySerializer,
        responses={201: SignInPasskeyChallengeSerializer},
    )
    @takes_no_body
    def post(self, request: Any) -> Response:
        """Ask for what a device needs to offer its passkeys. The answer names none."""
        secret = tokens.generate_token()
        options = services.begin_sign_in(
            business=self.business, relying_party=self.relying_party, browser_secret=secret, now=self.now
        )
        body = {"id": secret, "state": options["state"], "public_key": options["publicKey"]}
        return Response(SignInPasskeyChallengeSerializer(body).data, status=201)


class SignInAnswerListView(SignInView, PasskeyView):
    """Answers to these challenges: what a passkey signed."""

    shared_rate_limit = ("passkey", "LOGIN_GUESSES_PER_IP")

    @extend_schema(
        operation_id="sign_in_with_passkey",
        request=SignInPasskeyResponseSerializer,
        responses={201: SignInSerializer},
    )
    def post(self, request: Any, challenge_id: str) -> Response:
        """Send what a passkey signed, and get tokens. A challenge takes one answer, right or wrong."""
        values = validate(SignInPasskeyResponseSerializer, request.data)
        try:
            new_session = services.sign_in_with_passkey(
                business=self.business,
                relying_party=self.relying_party,
                browser_secret=challenge_id,
                challenge_state=values["state"],
                passkey_response=json.dumps(values["credential"]),
                browser=self.build_browser(values["device_token"]),
                now=self.now,
            )
        except services.PasskeyRejected as error:
            raise build_field_problem("credential", "passkey_rejected", REJECTED) from error
        return self.complete_sign_in(new_session)
