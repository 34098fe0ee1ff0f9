"""Appointments of one client that repeat every so many weeks."""

import uuid
from datetime import time

from django.db import models
from django.db.models import Q

from tenants.nouns.querysets import DemoAwareQuerySet


class AppointmentSeries(models.Model):
    """What was agreed when appointments were booked that repeat; written by `services.series`.

    `starts_on` and `starts_minute` (after midnight) are the first wall-clock time, in `time_zone`. The appointments are
    instants of their own: each can be moved or cancelled, which changes nothing here. `request_key` makes several
    sends of one page the same series.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="appointment_series")
    service = models.ForeignKey("scheduling.Service", models.PROTECT, related_name="appointment_series")
    calendar = models.ForeignKey("scheduling.StaffCalendar", models.PROTECT, related_name="appointment_series")
    starts_on = models.DateField()
    starts_minute = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=64)
    interval_weeks = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    request_key = models.UUIDField(unique=True, null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_minute__lt=1440), name="appointment_series_start"),
            models.CheckConstraint(
                condition=Q(interval_weeks__gte=1, interval_weeks__lte=104), name="appointment_series_interval"
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=False) | Q(until_on__isnull=False), name="appointment_series_ends"
            ),
        ]
        indexes = [models.Index(fields=["created_at", "id"], name="appointment_series_by_age")]

    def __str__(self):
        return f"{self.starts_on:%Y-%m-%d} {self.starts_time:%H:%M}"

    @property
    def starts_time(self) -> time:
        """Return the time of day of the first appointment, by the clocks of its zone."""
        return time(*divmod(self.starts_minute, 60))
