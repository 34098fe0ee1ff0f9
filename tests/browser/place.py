"""Where does a test in the browser take place? At a business of its own, so that none meets another's traces."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from portal.access import tokens
from portal.access.models import Challenge, ClientSession
from portal.clients.models import Client
from portal.profile.models import Profile
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, Delivery, FailedAttemptBucket, Platform, StaffEmail
from tenants.provisioning import create_business, drop_business
from tests.database import BASE_BUSINESSES
from tests.factories import ClientSessionFactory


def reset_platform() -> None:
    """Leave nothing of what earlier tests did on the platform that all tests here share.

    Its own pages list every business and every mail there is, and an attack concerns all portals.
    """
    Delivery.objects.all().delete()
    StaffEmail.objects.all().delete()
    standing = [facts["slug"] for facts in BASE_BUSINESSES]
    for business in Business.objects.exclude(hostnames__slug__in=standing):
        drop_business(business=business)
    FailedAttemptBucket.objects.all().delete()
    Platform.objects.update(attack_until=None)


@dataclass(frozen=True)
class Place:
    """A business and the address of its portal."""

    business: Business

    @classmethod
    def opened(cls, name: str, *, slug: str, language: str) -> "Place":
        """Open a business in Berlin."""
        facts = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin", "language": language}
        return cls(create_business(name=name, slug=slug, owner_email="owner@acme.test", now=timezone.now(), **facts))

    @property
    def url(self) -> str:
        """The address of its portal at this moment, without a final slash."""
        return hostnames.portal_url(self.business, "")

    @property
    def host(self) -> str:
        """The host of its portal at this moment."""
        return hostnames.portal_host(self.business)

    @property
    def slug(self) -> str:
        """The slug of its portal at this moment."""
        return hostnames.current_slug(self.business)

    def decide(self, **choices: object) -> None:
        """Let the business decide about its portal."""
        with use_business(self.business):
            Profile.objects.update(**choices)

    def notice_attack(self, *, until: datetime) -> None:
        """Have the business guessed at, so that unknown browsers wait a little."""
        Business.objects.filter(pk=self.business.pk).update(attack_until=until)

    def add_device(self, name: str, device: str) -> None:
        """Have somebody signed in on a further device."""
        with use_business(self.business):
            ClientSessionFactory(client=Client.objects.get(name=name), device=device)

    def delete_sessions_and_challenges(self) -> None:
        """Let nobody have been here, to sign in or otherwise."""
        with use_business(self.business):
            ClientSession.objects.all().delete()
            Challenge.objects.all().delete()

    def session_of(self, name: str) -> str:
        """Have somebody signed in, and return the token that their browser holds."""
        token = tokens.new_token()
        with use_business(self.business):
            ClientSessionFactory(client=Client.objects.get(name=name), token_digest=tokens.digest(token))
        return token

    def age(self, passed: timedelta) -> None:
        """Make everything about signing in as old as if time had passed."""
        with use_business(self.business):
            for challenge in Challenge.objects.all():
                challenge.sent_at = [at - passed for at in challenge.sent_at]
                challenge.created_at -= passed
                challenge.expires_at -= passed
                challenge.save(update_fields=["sent_at", "created_at", "expires_at"])
            instants = ("created_at", "authenticated_at", "used_at", "expires_at")
            ClientSession.objects.update(**{name: F(name) - passed for name in instants})
