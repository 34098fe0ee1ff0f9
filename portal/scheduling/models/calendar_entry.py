"""The times that calendars, rooms and equipment are taken, which PostgreSQL keeps from overlapping."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class TsTzRange(Func):
    """The half-open range between two instants."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _build_busy_range() -> TsTzRange:
    return TsTzRange("busy_from", "busy_until", RangeBoundary())


class CalendarEntry(models.Model):
    """A time that one calendar is taken by a service, or blocked by staff; written by `services.calendar_entries`.

    `busy_from` and `busy_until` are the time with its buffers. While `is_active`, no other entry of the calendar
    overlaps it, unless staff overbooked it on purpose: `is_overbooked`. `seats_taken` counts the appointments that
    hold, ask for or have one of its `capacity` seats. An entry without a service blocks time, and has no seats.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    calendar = models.ForeignKey("scheduling.StaffCalendar", models.PROTECT, related_name="entries")
    service = models.ForeignKey(
        "scheduling.Service", models.PROTECT, null=True, blank=True, related_name="calendar_entries"
    )
    title = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField(default=1)
    seats_taken = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_overbooked = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="calendar_entry_no_overlap",
                expressions=[("calendar", RangeOperators.EQUAL), (_build_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(is_active=True, is_overbooked=False),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), busy_from__lte=F("starts_at"), busy_until__gte=F("ends_at")),
                name="calendar_entry_times",
            ),
            models.CheckConstraint(condition=Q(seats_taken__lte=F("capacity")), name="calendar_entry_seats"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(service=None) | Q(seats_taken__gte=1), name="calendar_entry_is_used"
            ),
        ]
        indexes = [
            models.Index(fields=["busy_until"], condition=Q(is_active=True), name="calendar_entry_busy"),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class ResourceReservation(models.Model):
    """A time that a room or a piece of equipment is taken by a calendar entry, whose range and state it repeats.

    PostgreSQL can compare ranges only within one table.
    """

    entry = models.ForeignKey("scheduling.CalendarEntry", models.CASCADE, related_name="reservations")
    resource = models.ForeignKey("scheduling.Resource", models.PROTECT, related_name="reservations")
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    is_overbooked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="reservation_no_overlap",
                expressions=[("resource", RangeOperators.EQUAL), (_build_busy_range(), RangeOperators.OVERLAPS)],
                condition=Q(is_active=True, is_overbooked=False),
            ),
            models.CheckConstraint(condition=Q(busy_from__lt=F("busy_until")), name="reservation_times"),
            models.UniqueConstraint(fields=["entry", "resource"], name="reservation_once_for_each_entry"),
        ]
        indexes = [
            models.Index(fields=["busy_until"], condition=Q(is_active=True), name="reservation_busy"),
        ]

    def __str__(self):
        return f"{self.busy_from:%Y-%m-%d %H:%M}"
