"""The operation of the business API that sends a client another code."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import validate
from api.sign_in_help.serializers import CodeRequestSerializer, SentCodeSerializer
from portal.access import services as access
from portal.access.models import Challenge
from portal.signin_support.sign_in_attempts import find_attempt_of_client
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded

ATTEMPT_OVER = "This sign-in attempt has ended. Ask the client to start again on the sign-in page."
NO_CODES_LEFT = "No more codes can be sent for this attempt. The last two still work. Ask the client to start again."
ADDRESS_LIMIT = "No more codes are sent to this address for now. Create a link to start signing in instead."
UNAVAILABLE = FieldError("channel", "unavailable", "No address on file can receive a code this way.")


class CodeListView(BusinessApiView):
    """The codes of one attempt. None is ever shown."""

    permissions = {"POST": "support.send"}

    @extend_schema(operation_id="send_code", request=CodeRequestSerializer, responses={201: SentCodeSerializer})
    def post(self, request: Any, client_id: UUID, attempt_id: UUID) -> Response:
        """Send a client another code for an attempt that is in progress. The previous one still works."""
        client = get_client(client_id)
        if find_attempt_of_client(client, attempt_id) is None:
            raise Http404
        channel = Channel(validate(CodeRequestSerializer, request.data)["channel"])
        challenge = self._send_code(attempt_id, channel, language=client.language)
        shown = {"channel": channel.value, "sends_left": settings.LOGIN_MAX_SENDS - len(challenge.sent_at)}
        return Response(shown | {"expires_at": challenge.expires_at}, status=201)

    def _send_code(self, attempt_id: UUID, channel: Channel, *, language: str) -> Challenge:
        """Send the code. Raises ApiProblem and RateLimitExceeded."""
        fields: dict[str, Any] = {"business": self.business, "staff": self.staff, "now": self.now}
        try:
            return access.resend_code_for_client(challenge_id=attempt_id, channel=channel, language=language, **fields)
        except Challenge.DoesNotExist as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=ATTEMPT_OVER) from error
        except access.ResendRefused as refusal:
            if refusal.retry_at:
                raise RateLimitExceeded(refusal.retry_at) from refusal
            raise ApiProblem(ErrorCode.CONFLICT, detail=NO_CODES_LEFT) from refusal
        except access.RecipientLimitReached as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=ADDRESS_LIMIT) from error
        except access.ChannelUnavailable as error:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[UNAVAILABLE]) from error
