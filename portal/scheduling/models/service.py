"""The services that clients book."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.scheduling.models.scheduling_settings import Acceptance

MINUTES_OF_A_DAY = 1440


class LocationKind(models.TextChoices):
    """Where a service takes place."""

    ON_SITE = "on-site", _("At our place")
    AT_CLIENT = "at-client", _("At the client’s place")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("Video call")


class Visibility(models.TextChoices):
    """Who can book a service."""

    PUBLIC = "public", _("Everybody")
    CLIENTS = "clients", _("Signed-in clients")
    STAFF = "staff", _("Only staff")


class DepositKind(models.TextChoices):
    """What is due when a service is booked."""

    NONE = "none", _("No deposit")
    AMOUNT = "amount", _("A fixed amount")
    PERCENT = "percent", _("A part of the price, in per cent")
    FULL = "full", _("The whole price")


class ServiceQuerySet(models.QuerySet["Service"]):
    """Chainable filters for services."""

    def bookable_by(self, *, is_client: bool) -> "ServiceQuerySet":
        """Return the services that a signed-in client can book, or that anybody can."""
        visibilities = [Visibility.PUBLIC, Visibility.CLIENTS] if is_client else [Visibility.PUBLIC]
        return self.filter(archived_at=None, visibility__in=visibilities)


class Service(models.Model):
    """Something that a business does for a client at an agreed time; written by staff.

    Durations and buffers are in minutes. `price_amount` is in the minor unit of `price_currency`, and None where no
    price is shown; `deposit_value` is an amount of the same unit, or a percentage. With a `capacity` above one,
    several clients share one time. An empty `acceptance` or `start_interval` stands for the business's.
    """

    # The keys of who gives it and what it needs, where `services.query_services_with_needs` has read them.
    calendar_ids: list[uuid.UUID]
    room_ids: list[uuid.UUID]
    equipment_ids: list[uuid.UUID]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=600, blank=True)
    duration = models.PositiveSmallIntegerField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    capacity = models.PositiveSmallIntegerField(default=1)
    start_interval = models.PositiveSmallIntegerField(null=True, blank=True)
    price_amount = models.PositiveBigIntegerField(null=True, blank=True)
    price_currency = models.CharField(max_length=3)
    deposit_kind = models.CharField(max_length=8, choices=DepositKind, default=DepositKind.NONE)
    deposit_value = models.PositiveBigIntegerField(default=0)
    location_kind = models.CharField(max_length=10, choices=LocationKind, default=LocationKind.ON_SITE)
    location = models.CharField(max_length=300, blank=True)
    colour = models.CharField(max_length=10, default="blue")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    acceptance = models.CharField(max_length=10, choices=Acceptance, blank=True)
    policy_text = models.TextField(max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    calendars = models.ManyToManyField("scheduling.StaffCalendar", related_name="services", blank=True)
    resources = models.ManyToManyField("scheduling.Resource", related_name="services", blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ("position", "name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(duration__gte=5, duration__lte=MINUTES_OF_A_DAY), name="service_duration"
            ),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=MINUTES_OF_A_DAY, buffer_after__lte=MINUTES_OF_A_DAY),
                name="service_buffers",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=500), name="service_capacity"),
            models.CheckConstraint(
                condition=Q(start_interval=None) | Q(start_interval__gte=5, start_interval__lte=MINUTES_OF_A_DAY),
                name="service_start_interval",
            ),
            models.CheckConstraint(
                condition=~Q(deposit_kind=DepositKind.PERCENT) | Q(deposit_value__lte=100), name="service_deposit"
            ),
        ]

    def __str__(self):
        return self.name

    def is_bookable_by(self, *, is_client: bool) -> bool:
        """Tell whether a signed-in client can book it, or anybody, as `bookable_by` selects."""
        visible = (Visibility.PUBLIC, Visibility.CLIENTS) if is_client else (Visibility.PUBLIC,)
        return self.archived_at is None and self.visibility in visible

    @property
    def is_group(self) -> bool:
        """Tell whether several clients share one time."""
        return self.capacity > 1
