"""The appointments of clients."""

import uuid
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet


class AppointmentState(models.TextChoices):
    """How far an appointment has come."""

    HELD = "held", _("Held while it is booked")
    REQUESTED = "requested", _("Waiting for an answer")
    CONFIRMED = "confirmed", _("Confirmed")
    DONE = "done", _("Done")
    NO_SHOW = "no-show", _("Did not come")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not answered in time")


# The states in which an appointment takes a seat of its calendar entry.
SEATED_STATES = (
    AppointmentState.HELD,
    AppointmentState.REQUESTED,
    AppointmentState.CONFIRMED,
    AppointmentState.DONE,
    AppointmentState.NO_SHOW,
)
# The same as a condition that PostgreSQL prints as it was written: a list of values it would rewrite.
HAS_SEAT = reduce(or_, (Q(state=state) for state in SEATED_STATES))
# The states in which an appointment is still to come, if its time is.
OPEN_STATES = (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)


class AppointmentSource(models.TextChoices):
    """By whom and where an appointment was booked."""

    PUBLIC_FORM = "public-form", _("Public booking page")
    PORTAL = "portal", _("Client Portal")
    STAFF = "staff", _("Staff")
    API = "api", _("API")


class MatchResult(models.TextChoices):
    """What came of matching an appointment with the client list; empty where its client had signed in."""

    PENDING = "pending", _("Matching in progress")
    NEW = "new", _("New client")
    KNOWN = "known", _("Existing client")
    AMBIGUOUS = "ambiguous", _("Matches several clients")
    SEATED = "seated", _("The client has a seat already")
    FAILED = "failed", _("Could not be matched")


class AppointmentQuerySet(DemoAwareQuerySet):
    """Chainable filters for appointments."""

    def booked(self):
        """Return appointments that somebody has booked, not those that are only held."""
        return self.exclude(state=AppointmentState.HELD)

    def open(self):
        """Return appointments that wait for an answer or are confirmed."""
        return self.filter(state__in=OPEN_STATES)

    def coming(self, now: datetime):
        """Return open appointments that are not over yet."""
        return self.open().filter(ends_at__gt=now)

    def not_coming(self, now: datetime):
        """Return appointments that are over or don't take place."""
        return self.exclude(state__in=OPEN_STATES, ends_at__gt=now)

    def awaiting_match(self):
        """Return appointments that are not matched with the client list yet."""
        return self.filter(match_result=MatchResult.PENDING)

    def awaiting_answer(self, now: datetime):
        """Return requests that staff can still answer."""
        return self.filter(state=AppointmentState.REQUESTED, starts_at__gt=now)


class Appointment(models.Model):
    """One client's seat in a calendar entry; written by `services`.

    `version` rises with each change of its time or state: messages and calendar files name it. `hold_key` makes several
    sends of one page the same hold, which ends at `hold_expires_at`. `contact_name`, `contact_email` and
    `contact_mobile` are what somebody typed who had not signed in; `client` is empty until they are matched with the
    client list, as `match_result` says. `answers` pairs questions with answers. `time_zone` is where the client is,
    empty for the business's. `network_digest` tells who holds times apart, without saying where they are.
    `series_position` counts the appointments of a `series` from 0, those that were skipped included.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey("scheduling.CalendarEntry", models.PROTECT, related_name="appointments")
    service = models.ForeignKey("scheduling.Service", models.PROTECT, related_name="appointments")
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="appointments")
    series = models.ForeignKey(
        "scheduling.AppointmentSeries", models.SET_NULL, null=True, blank=True, related_name="appointments"
    )
    series_position = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AppointmentState, default=AppointmentState.HELD)
    source = models.CharField(max_length=12, choices=AppointmentSource)
    version = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_overbooked = models.BooleanField(default=False)
    hold_key = models.UUIDField(unique=True, null=True, blank=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    network_digest = models.BinaryField(max_length=32, default=bytes)
    match_result = models.CharField(max_length=9, choices=MatchResult, blank=True, default="")
    contact_name = models.CharField(max_length=160, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    contact_mobile = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    answers = models.JSONField(default=list, blank=True)
    policy_text = models.TextField(max_length=2000, blank=True)
    policy_accepted_at = models.DateTimeField(null=True, blank=True)
    price_amount = models.PositiveBigIntegerField(null=True, blank=True)
    price_currency = models.CharField(max_length=3, blank=True)
    location = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    proposed_starts_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="appointment_times"),
            models.CheckConstraint(
                condition=Q(state=AppointmentState.HELD, hold_expires_at__isnull=False, hold_key__isnull=False)
                | ~Q(state=AppointmentState.HELD),
                name="appointment_hold_expires",
            ),
            # A client has one seat at most in a group's time.
            models.UniqueConstraint(
                fields=["entry", "client"],
                condition=HAS_SEAT & ~Q(client=None),
                name="appointment_one_seat_for_each_client",
            ),
            models.UniqueConstraint(fields=["series", "series_position"], name="appointment_once_in_series"),
        ]
        indexes = [
            models.Index(fields=["client", "-starts_at"], name="appointment_of_client"),
            models.Index(fields=["starts_at", "id"], name="appointment_by_start"),
            models.Index(
                fields=["updated_at"], condition=Q(match_result=MatchResult.PENDING), name="appointment_pending"
            ),
            models.Index(fields=["hold_expires_at"], condition=Q(state=AppointmentState.HELD), name="appointment_held"),
            models.Index(
                fields=["starts_at"], condition=Q(state=AppointmentState.REQUESTED), name="appointment_requested"
            ),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer or is confirmed."""
        return self.state in OPEN_STATES

    @property
    def client_name(self) -> str:
        """Return whose appointment it is."""
        return self.client.name if self.client else self.contact_name
