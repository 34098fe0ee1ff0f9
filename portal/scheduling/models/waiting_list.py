"""Clients who wait for a time of a service to become free, and the times that they are offered."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet


class PartOfDay(models.TextChoices):
    """At what time of day an appointment may begin, by the business's clocks."""

    ANY = "any", _("Any time of day")
    MORNING = "morning", _("In the morning, before 12:00")
    AFTERNOON = "afternoon", _("In the afternoon, from 12:00 to 17:00")
    EVENING = "evening", _("In the evening, from 17:00")


class WaitingState(models.TextChoices):
    """What became of somebody who waits."""

    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Has an offer")
    BOOKED = "booked", _("Booked")
    WITHDRAWN = "withdrawn", _("Left the list")
    ENDED = "ended", _("Ended without a time")


class OfferState(models.TextChoices):
    """What became of a time that was offered to somebody who waits."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The states of those who are still on the list.
ON_LIST = (WaitingState.WAITING, WaitingState.OFFERED)
# The same as a condition that PostgreSQL prints as it was written: a list of values it would rewrite.
IS_ON_LIST = Q(state=WaitingState.WAITING) | Q(state=WaitingState.OFFERED)


class WaitingListQuerySet(DemoAwareQuerySet):
    """Chainable filters for those who wait."""

    def on_list(self):
        """Return entries that wait for a time, or for the answer to an offer."""
        return self.filter(IS_ON_LIST)

    def waiting(self):
        """Return entries of clients, demo clients left out, that wait for a time."""
        return self.exclude_demo().filter(state=WaitingState.WAITING)


class WaitingListEntry(models.Model):
    """One client who waits for a time of one service; written by `services.waiting_list`.

    `calendar` is whose time it shall be, empty for anybody's. The days are those of the business's calendar. Whoever
    changes an entry or an offer of it has locked its client.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="waiting_list_entries")
    service = models.ForeignKey("scheduling.Service", models.PROTECT, related_name="waiting_list_entries")
    calendar = models.ForeignKey(
        "scheduling.StaffCalendar", models.PROTECT, null=True, blank=True, related_name="waiting_list_entries"
    )
    from_on = models.DateField()
    until_on = models.DateField()
    part_of_day = models.CharField(max_length=9, choices=PartOfDay, default=PartOfDay.ANY)
    state = models.CharField(max_length=9, choices=WaitingState, default=WaitingState.WAITING)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = WaitingListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("until_on")), name="waiting_list_days"),
            # Somebody waits for a service once.
            models.UniqueConstraint(
                fields=["client", "service"], condition=IS_ON_LIST, name="waiting_list_once_for_each_service"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at", "id"], condition=Q(state=WaitingState.WAITING), name="waiting_list_order"
            ),
            models.Index(fields=["updated_at"], name="waiting_list_updated"),
        ]

    def __str__(self):
        return f"{self.from_on} – {self.until_on}"

    @property
    def is_on_list(self) -> bool:
        """Tell whether the client still waits for a time, or has an offer."""
        return self.state in ON_LIST


class WaitingListOfferQuerySet(DemoAwareQuerySet):
    """Chainable filters for offers."""

    client_path = "entry__client"


class WaitingListOffer(models.Model):
    """A time that is held for somebody who waits, until they answer or it ends at `expires_at`.

    `appointment` is what holds the time, and what it was booked as. It is empty where the time was let go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey("scheduling.WaitingListEntry", models.CASCADE, related_name="offers")
    appointment = models.OneToOneField(
        "scheduling.Appointment", models.SET_NULL, null=True, blank=True, related_name="waiting_list_offer"
    )
    calendar = models.ForeignKey("scheduling.StaffCalendar", models.PROTECT, related_name="waiting_list_offers")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OfferState, default=OfferState.OPEN)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingListOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), expires_at__lte=F("starts_at")), name="waiting_list_offer_times"
            ),
            # Somebody who waits has one offer at a time.
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state=OfferState.OPEN), name="waiting_list_one_open_offer"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state=OfferState.OPEN), name="waiting_list_offer_open"),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
