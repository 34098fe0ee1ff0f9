"""The packages that clients have, and what became of each of their sessions."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet


class SessionState(models.TextChoices):
    """What became of one session of a package."""

    RESERVED = "reserved", _("Reserved")
    USED = "used", _("Used")
    RETURNED = "returned", _("Returned")


# The states in which a session counts as taken from its package.
TAKEN_STATES = (SessionState.RESERVED, SessionState.USED)


class ClientPackageQuerySet(DemoAwareQuerySet):
    """Chainable filters for clients' packages."""

    def with_sessions_left(self):
        """Return packages of which a session can still be taken, whatever day it is."""
        return self.filter(withdrawn_at=None, sessions_reserved__lt=F("sessions_total") - F("sessions_used"))

    def valid_on(self, day: date):
        """Return packages that have not ended before a day."""
        return self.exclude(expires_on__lt=day)

    def first_to_expire(self):
        """Return packages in the order in which they are used: that which ends first, then the older one."""
        return self.order_by(F("expires_on").asc(nulls_last=True), "given_at", "pk")


class ClientPackage(models.Model):
    """A package that a client was given; written by `services.client_packages`.

    What it is called, costs, holds and covers stays as it was on the day, whatever becomes of the `package`. Its
    counters repeat its rows of PackageSession, and PostgreSQL keeps them from taking more than there is. `expires_on`
    is the last day on which a session can take place, by the business's calendar. From `withdrawn_at` on no session is
    taken any more; those that are reserved stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="session_packages")
    package = models.ForeignKey("scheduling.SessionPackage", models.PROTECT, related_name="client_packages")
    name = models.CharField(max_length=80)
    services = models.ManyToManyField("scheduling.Service", related_name="client_packages")
    price_amount = models.PositiveBigIntegerField(null=True, blank=True)
    price_currency = models.CharField(max_length=3)
    sessions_total = models.PositiveSmallIntegerField()
    sessions_reserved = models.PositiveSmallIntegerField(default=0)
    sessions_used = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=600, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ClientPackageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sessions_total__gte=F("sessions_reserved") + F("sessions_used")),
                name="client_package_sessions",
            ),
        ]
        indexes = [models.Index(fields=["client", "-given_at"], name="client_package_of_client")]

    def __str__(self):
        return self.name

    @property
    def sessions_left(self) -> int:
        """Return how many sessions can still be taken, if the package has not ended."""
        return self.sessions_total - self.sessions_reserved - self.sessions_used

    def has_expired(self, today: date) -> bool:
        """Tell whether it ended before a day of the business's calendar."""
        return self.expires_on is not None and self.expires_on < today


class PackageSession(models.Model):
    """One session of a client's package, and what became of it; written by `services.package_sessions`.

    It is reserved for an `appointment`, or was taken without one by staff, who gave a `reason`. `client` repeats the
    package's, by which merges, erasures and exports find it. A returned row stays; its session can be taken again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_package = models.ForeignKey("scheduling.ClientPackage", models.CASCADE, related_name="sessions")
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="package_sessions")
    appointment = models.ForeignKey(
        "scheduling.Appointment", models.SET_NULL, null=True, blank=True, related_name="package_sessions"
    )
    state = models.CharField(max_length=8, choices=SessionState, default=SessionState.RESERVED)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(state=SessionState.RESERVED) | Q(state=SessionState.USED),
                name="package_session_once_for_each_appointment",
            ),
        ]
        indexes = [
            models.Index(fields=["client_package", "-created_at"], name="package_session_of_package"),
            models.Index(
                fields=["created_at"], condition=Q(state=SessionState.RESERVED), name="package_session_reserved"
            ),
        ]

    def __str__(self):
        return f"{self.state} {self.created_at:%Y-%m-%d %H:%M}"
