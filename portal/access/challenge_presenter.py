"""What the code page shows of a challenge."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from portal.access.models import Challenge
from portal.access.services import get_resend_time
from portal.access.sign_in_codes import list_live_code_generations
from portal.branding.models import PortalSettings
from tenants import database_clock
from tenants.models import Channel


@dataclass(frozen=True)
class ChallengePresenter:
    """A challenge as the code page shows it: what was sent, and what may be done when."""

    challenge: Challenge
    portal_settings: PortalSettings
    now: datetime

    @property
    def identifier_masked(self) -> str:
        return self.challenge.identifier_masked

    @property
    def channel(self) -> str:
        return self.challenge.channels[-1]

    @property
    def may_fall_back_to_email(self) -> bool:
        """Tell whether the code may have gone to the mailbox because no mobile number is on file."""
        return len(self.challenge.channels) == 1 and self.channel == Channel.SMS and self.identifier_kind == "email"

    @property
    def identifier_kind(self) -> str:
        return self.challenge.identifier_kind

    @property
    def can_resend_at(self) -> datetime:
        return self._allowed_at(self.channel)

    @property
    def seconds_to_resend(self) -> int:
        return self._seconds_until(self.channel)

    @property
    def other_channel(self) -> str:
        return Channel.EMAIL if self.channel == Channel.SMS else Channel.SMS

    @property
    def can_resend_other_at(self) -> datetime:
        return self._allowed_at(self.other_channel)

    @property
    def seconds_to_other(self) -> int:
        return self._seconds_until(self.other_channel)

    @property
    def sends_left(self) -> int:
        return settings.LOGIN_MAX_SENDS - len(self.challenge.sent_at)

    @property
    def has_live_code(self) -> bool:
        return bool(list_live_code_generations(self.challenge, now=self.now))

    @property
    def guesses_left(self) -> int:
        return max(0, settings.LOGIN_MAX_GUESSES - self.challenge.failures)

    @property
    def code_length(self) -> int:
        return self.challenge.code_length

    @property
    def expires_at(self) -> datetime:
        return self.challenge.sent_at[-1] + settings.LOGIN_CODE_LIFETIME

    @property
    def code_minutes(self) -> int:
        return round(settings.LOGIN_CODE_LIFETIME.total_seconds() / 60)

    @property
    def remember_me_days(self) -> int:
        return settings.REMEMBER_ME_LIFETIME.days

    def _allowed_at(self, channel: str) -> datetime:
        return get_resend_time(self.challenge, Channel(channel), portal_settings=self.portal_settings) or self.now

    def _seconds_until(self, channel: str) -> int:
        return max(0, round((self._allowed_at(channel) - self.now).total_seconds()))


def present_challenge(challenge: Challenge, *, portal_settings: PortalSettings) -> ChallengePresenter:
    """Return the presenter of a challenge at this moment."""
    return ChallengePresenter(challenge=challenge, portal_settings=portal_settings, now=database_clock.now())
