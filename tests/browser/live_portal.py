"""A business with a portal on the live server, created for one test."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from portal.access.models import Challenge, ClientSession
from portal.access.services.attempt_links import create_attempt_link
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants import hostnames, tokens
from tenants.context import use_business
from tenants.models import Business, Delivery, FailedAttemptCount, Platform, RecipientBudget, StaffEmail
from tenants.provisioning import create_business, drop_business
from tenants.staff.staff_actor import StaffActor
from tests.database_setup import BASE_BUSINESSES
from tests.factories import ClientSessionFactory


def reset_platform() -> None:
    """Delete what earlier tests left on the platform that all browser tests share.

    Its own pages list every business and every mail, and attack mode and the budgets of addresses concern all portals.
    """
    Delivery.objects.all().delete()
    StaffEmail.objects.all().delete()
    permanent_slugs = [attributes["slug"] for attributes in BASE_BUSINESSES]
    for business in Business.objects.exclude(hostnames__slug__in=permanent_slugs):
        drop_business(business=business)
    FailedAttemptCount.objects.all().delete()
    RecipientBudget.objects.all().delete()
    Platform.objects.update(attack_until=None)


@dataclass(frozen=True)
class LivePortal:
    """A business created for one test, and its portal on the live server."""

    business: Business

    @classmethod
    def create(cls, name: str, *, slug: str, language: str) -> "LivePortal":
        """Create a business in Berlin."""
        attributes = {"country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin", "language": language}
        return cls(
            create_business(name=name, slug=slug, owner_email="owner@acme.test", now=timezone.now(), **attributes)
        )

    @property
    def url(self) -> str:
        """The portal's current URL, without a final slash."""
        return hostnames.build_portal_url(self.business, "")

    @property
    def host(self) -> str:
        """The portal's current host."""
        return hostnames.get_portal_host(self.business)

    @property
    def slug(self) -> str:
        """The portal's current slug."""
        return hostnames.get_current_slug(self.business)

    def update_settings(self, **values: object) -> None:
        """Update the portal's settings."""
        with use_business(self.business):
            PortalSettings.objects.update(**values)

    def start_attack_mode(self, *, until: datetime) -> None:
        """Put the business into attack mode, in which unknown browsers have to wait."""
        Business.objects.filter(pk=self.business.pk).update(attack_until=until)

    def create_session(self, name: str, device: str) -> None:
        """Create a session of a client on another device."""
        with use_business(self.business):
            ClientSessionFactory(client=Client.objects.get(name=name), device=device)

    def create_attempt_link(self, name: str) -> str:
        """Create a link by which a client's browser starts an attempt to sign in, and return what it carries."""
        owner = self.business.memberships.filter(role="owner").earliest("created_at").person
        staff = StaffActor(person_id=owner.pk, name="Sabine Krüger", ip=None)
        with use_business(self.business):
            client = Client.objects.get(name=name)
            contact = client.contacts.get(kind="email")
            link, _expires_at = create_attempt_link(
                business=self.business, client=client, contact=contact, staff=staff, now=timezone.now()
            )
        return link

    def delete_sessions_and_challenges(self) -> None:
        """Delete every session and challenge of the business."""
        with use_business(self.business):
            ClientSession.objects.all().delete()
            Challenge.objects.all().delete()

    def create_session_token(self, name: str) -> str:
        """Create a session of a client and return its token, for the browser's cookie."""
        token = tokens.generate_token()
        with use_business(self.business):
            ClientSessionFactory(client=Client.objects.get(name=name), token_digest=tokens.digest_token(token))
        return token

    def backdate(self, passed: timedelta) -> None:
        """Move the times of all challenges and sessions back, as if that time had passed."""
        with use_business(self.business):
            for challenge in Challenge.objects.all():
                challenge.sent_at = [at - passed for at in challenge.sent_at]
                challenge.created_at -= passed
                challenge.expires_at -= passed
                challenge.save(update_fields=["sent_at", "created_at", "expires_at"])
            timestamps = ("created_at", "authenticated_at", "used_at", "expires_at")
            ClientSession.objects.update(**{name: F(name) - passed for name in timestamps})
