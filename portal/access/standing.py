"""How does a challenge stand: what was sent, what may still be done, and when?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from portal.access.models import Challenge
from portal.profile.models import Profile
from tenants.models import Channel


@dataclass(frozen=True)
class Standing:
    """What the code page shows of a challenge: what was sent, what may still be done and when."""

    challenge: Challenge
    now: datetime
    resend_wait: timedelta

    @property
    def identifier_masked(self) -> str:
        return self.challenge.identifier_masked

    @property
    def channel(self) -> str:
        return self.challenge.channels[-1]

    @property
    def may_fall_back(self) -> bool:
        """A text was preferred for a mailbox: without a mobile on file the code goes to the mailbox."""
        return len(self.challenge.channels) == 1 and self.channel == Channel.SMS and self.identifier_kind == "email"

    @property
    def identifier_kind(self) -> str:
        return self.challenge.identifier_kind

    @property
    def can_resend_at(self) -> datetime:
        return self.opens_at[Channel(self.channel)]

    @property
    def opens_at(self) -> dict[Channel, datetime]:
        sent = dict(zip(self.challenge.channels, self.challenge.sent_at, strict=True))
        return {channel: sent[channel] + self.resend_wait if channel in sent else self.now for channel in Channel}

    @property
    def seconds_to_resend(self) -> int:
        return self._seconds_to(Channel(self.channel))

    @property
    def other_channel(self) -> str:
        return Channel.EMAIL if self.channel == Channel.SMS else Channel.SMS

    @property
    def can_resend_other_at(self) -> datetime:
        return self.opens_at[Channel(self.other_channel)]

    @property
    def seconds_to_other(self) -> int:
        return self._seconds_to(Channel(self.other_channel))

    @property
    def sends_left(self) -> int:
        return settings.LOGIN_MAX_SENDS - len(self.challenge.sent_at)

    @property
    def guesses_left(self) -> int:
        return max(0, settings.LOGIN_MAX_GUESSES - self.challenge.failures)

    @property
    def digits(self) -> int:
        return self.challenge.digits

    @property
    def expires_at(self) -> datetime:
        return self.challenge.sent_at[-1] + settings.LOGIN_CODE_LIFETIME

    @property
    def minutes(self) -> int:
        return round(settings.LOGIN_CODE_LIFETIME.total_seconds() / 60)

    def _seconds_to(self, channel: Channel) -> int:
        return max(0, round((self.opens_at[channel] - self.now).total_seconds()))


def standing_of(challenge: Challenge, *, profile: Profile) -> Standing:
    """Return what a page shows of a challenge at this moment."""
    wait = profile.resend_wait or settings.LOGIN_RESEND_WAIT
    return Standing(challenge=challenge, now=timezone.now(), resend_wait=wait)
