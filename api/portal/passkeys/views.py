"""The operations of the client API on a client's own passkeys, as on the page of their devices."""

import json
import math
from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.passkeys.serializers import (
    PasskeyChallengeSerializer,
    PasskeyResponseSerializer,
    PasskeySerializer,
    present_passkey,
)
from api.portal.views import PortalApiView
from api.protocol.empty_bodies import EmptyBodySerializer, takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import validate
from portal.access.models import ClientSession
from portal.access.reauthentication import is_recent_authentication
from portal.passkeys import services
from portal.passkeys.services import RelyingParty
from tenants.user_agents import get_user_agent_label

TOO_MANY = (
    f"A client has {services.MAX_PASSKEYS} passkeys at most and adds {services.MAX_ADDED_PER_DAY} at most within a day."
    " Remove one, or wait as long as Retry-After says if it is there."
)
NOT_ADDED = "This is no new passkey for this portal, or the challenge is over. Ask for another challenge."


class PasskeyView(PortalApiView):
    """A view of passkeys at the portal's present address, for which alone they are made."""

    @property
    def relying_party(self) -> RelyingParty:
        """Return whom passkeys are made for here."""
        return services.get_relying_party(self.http_request.resolved_host)


class NewPasskeyView(PasskeyView):
    """A step of adding a passkey. Nothing of it is repeated by an `Idempotency-Key`: a challenge is used up once."""

    supports_idempotency_key = False

    def get_own_recent_session(self) -> ClientSession:
        """Return the session of a client who signed in themselves, a short while ago. Raises ApiProblem."""
        if not isinstance(self.session, ClientSession):
            raise ApiProblem(ErrorCode.FORBIDDEN, detail="Clients add a passkey on their own device.")
        if not is_recent_authentication(self.session, now=self.now):
            raise ApiProblem(ErrorCode.CODE_NEEDED)
        return self.session


class PasskeyListView(NewPasskeyView):
    """The client's passkeys."""

    @extend_schema(operation_id="list_passkeys", responses=PasskeySerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the client’s passkeys, the newest first. Nobody has more than ten."""
        listed = services.list_passkeys(self.client, hosts=[self.relying_party.host])
        return Response({"items": [present_passkey(each) for each in listed]})

    @extend_schema(operation_id="add_passkey", request=PasskeyResponseSerializer, responses={201: PasskeySerializer})
    def post(self, request: Any) -> Response:
        """Add the passkey that was made for a challenge. The client is notified."""
        session = self.get_own_recent_session()
        values = validate(PasskeyResponseSerializer, request.data)
        try:
            passkey = services.add_passkey(
                business=self.business,
                session=session,
                relying_party=self.relying_party,
                challenge_state=values["state"],
                passkey_response=json.dumps(values["credential"]),
                device=get_user_agent_label(request.headers.get("User-Agent", "")),
                now=self.now,
            )
        except services.PasskeyNotAdded as error:
            raise build_field_problem("credential", "not_added", NOT_ADDED) from error
        except services.TooManyPasskeys as error:
            raise _build_limit_problem(error, now=self.now) from error
        shown = present_passkey(services.ListedPasskey(passkey))
        return Response(shown, status=201, headers={"Location": f"{request.path}{passkey.pk}/"})


class PasskeyChallengeListView(NewPasskeyView):
    """Challenges to make a passkey for."""

    @extend_schema(
        operation_id="create_passkey_challenge",
        request=EmptyBodySerializer,
        responses={201: PasskeyChallengeSerializer},
    )
    @takes_no_body
    def post(self, request: Any) -> Response:
        """Ask for what a device needs to make a passkey. For a while after signing in no fresh code is needed."""
        session = self.get_own_recent_session()
        try:
            options = services.begin_registration(
                business=self.business, session=session, relying_party=self.relying_party, now=self.now
            )
        except services.TooManyPasskeys as error:
            raise _build_limit_problem(error, now=self.now) from error
        body = {"state": options["state"], "public_key": options["publicKey"]}
        return Response(PasskeyChallengeSerializer(body).data, status=201)


class OwnPasskeyView(PasskeyView):
    """One passkey."""

    @extend_schema(operation_id="remove_passkey", responses={204: None})
    def delete(self, request: Any, passkey_id: UUID) -> Response:
        """Remove a passkey. It signs nobody in any more, its other sessions end, and the client is notified."""
        passkey = get_object_or_404(services.query_passkeys(self.client), pk=passkey_id)
        services.remove_passkey(client=self.client, passkey=passkey, current_session=self.session, now=self.now)
        return Response(status=204)


def _build_limit_problem(error: services.TooManyPasskeys, *, now: datetime) -> ApiProblem:
    """Return the problem of one passkey too many, with when another one may be added if that needs only waiting."""
    seconds = math.ceil((error.again_at - now).total_seconds()) if error.again_at else 0
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return ApiProblem(ErrorCode.CONFLICT, detail=TOO_MANY, headers=headers)
