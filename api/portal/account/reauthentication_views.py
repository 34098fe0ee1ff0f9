"""The operations by which a client who signed in a while ago proves again that it is them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.account.confirmations import ConfirmationAnswerView, ConfirmationChallengeView
from api.portal.challenges import ChallengeSerializer, CodeSerializer
from api.protocol.empty_bodies import EmptyBodySerializer, takes_no_body
from portal.access import services as access
from portal.access.models import ChallengePurpose
from portal.account.services import get_sign_in_identifier


class ReauthenticationChallengeListView(ConfirmationChallengeView):
    """Codes to the address that the client signed in with."""

    purpose = ChallengePurpose.REAUTHENTICATION

    @extend_schema(
        operation_id="create_reauthentication_challenge",
        request=EmptyBodySerializer,
        responses={201: ChallengeSerializer},
    )
    @takes_no_body
    def post(self, request: Any) -> Response:
        """Ask for a code to the address that the client signed in with."""
        return self.send_code(get_sign_in_identifier(self.session))


class ReauthenticationAnswerListView(ConfirmationAnswerView):
    """Answers to these challenges: codes."""

    purpose = ChallengePurpose.REAUTHENTICATION

    @extend_schema(operation_id="answer_reauthentication_challenge", request=CodeSerializer, responses={204: None})
    def post(self, request: Any, challenge_id: str) -> Response:
        """Send the code. For a while, contact details may be changed then."""
        self.verify_code(challenge_id)
        access.mark_reauthenticated(session=self.session, now=self.now)
        return Response(status=204)
