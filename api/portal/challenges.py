"""What all challenges of the client API have in common: how they are shown, and how a code is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers

from api.protocol.error_codes import ErrorCode
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import StrictSerializer
from portal.access import services
from portal.access.challenge_presenter import present_challenge
from portal.access.forms import build_old_code_message, build_unreadable_code_message, build_wrong_code_message
from portal.access.models import Challenge
from portal.branding.models import PortalSettings
from portal.clients.identifiers import Identifier, InvalidIdentifier, parse_identifier
from tenants.models import Business, Channel


class CodeField(SingleLineField):
    """A code. A number is refused: it has lost the zeros it begins with."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Judge what is no text first."""
        if data is not serializers.empty and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class ChallengeSerializer(StrictSerializer):
    """A challenge: a code is on its way, if the address may have one."""

    id = serializers.CharField(read_only=True, help_text="A secret: only who knows it can answer.")
    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    expires_at = InstantField(read_only=True, help_text="When the newest code stops working.")
    resend_at = InstantField(read_only=True, help_text="From when on another code may be asked for.")
    digits = serializers.IntegerField(read_only=True, help_text="How many digits the code has.")


class CodeSerializer(StrictSerializer):
    """The code of a challenge."""

    code = CodeField(max_length=200, help_text="A text, since a code may begin with zeros.")


def present_api_challenge(challenge: Challenge, token: str, *, portal_settings: PortalSettings) -> dict[str, Any]:
    """Return what the API shows of a challenge: the same for everybody."""
    shown = present_challenge(challenge, portal_settings=portal_settings)
    values = {
        "id": token,
        "channel": shown.channel,
        "expires_at": shown.expires_at,
        "resend_at": shown.can_resend_at,
        "digits": shown.code_length,
    }
    return dict(ChallengeSerializer(values).data)


def parse_api_identifier(text: str, *, business: Business) -> Identifier:
    """Return the address in the field `identifier` of a body. Raises ApiProblem."""
    try:
        return parse_identifier(text, country=business.country)
    except InvalidIdentifier as error:
        raise build_field_problem("identifier", "invalid_identifier", str(error)) from error


@contextmanager
def translate_code_errors() -> Iterator[None]:
    """Turn what a wrong, old or late code raises into problems."""
    try:
        yield
    except services.UnreadableCode as error:
        raise build_field_problem("code", "unreadable_code", build_unreadable_code_message(error.length)) from error
    except services.CodeRejected as error:
        left = error.guesses_left
        raise build_field_problem("code", "wrong_code", build_wrong_code_message(left), guesses_left=left) from error
    except services.OldCodeEntered as error:
        raise build_field_problem("code", "old_code", build_old_code_message(error.has_newer)) from error
    except services.ChallengeClosed as error:
        raise ApiProblem(ErrorCode.CHALLENGE_CLOSED) from error
