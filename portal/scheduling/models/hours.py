"""When a calendar takes appointments: hours of the week, and exceptions to them."""

import uuid

from django.db import models
from django.db.models import F, Q

MINUTES_OF_A_DAY = 1440


def _build_minutes_condition() -> Q:
    """Return the condition that hours begin before they end, and end before the end of the next day."""
    is_in_order = Q(starts_minute__lt=F("ends_minute"))
    return is_in_order & Q(starts_minute__lt=MINUTES_OF_A_DAY, ends_minute__lte=2 * MINUTES_OF_A_DAY)


class OpeningHours(models.Model):
    """One span of hours that repeats every week, in wall-clock minutes after midnight; written by staff.

    `weekday` is 0 on Monday. More than 1440 minutes are hours of the next day; the span belongs to the day it starts.
    """

    calendar = models.ForeignKey("scheduling.StaffCalendar", models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("weekday", "starts_minute")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_weekday"),
            models.CheckConstraint(condition=_build_minutes_condition(), name="opening_hours_minutes"),
        ]

    def __str__(self):
        return f"{self.weekday}: {self.starts_minute}-{self.ends_minute}"


class HoursException(models.Model):
    """Other hours on the days from `starts_on` to `ends_on`, both included; written by staff.

    Without a calendar it holds for all. With `is_addition` the hours are added to the weekly ones, otherwise they
    replace them; without minutes, the days are closed. `holiday_country` says that it is a public holiday that was
    taken over, so that it isn't taken over twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    calendar = models.ForeignKey(
        "scheduling.StaffCalendar", models.CASCADE, null=True, blank=True, related_name="exceptions"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    is_addition = models.BooleanField(default=False)
    label = models.CharField(max_length=80, blank=True)
    holiday_country = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ("starts_on", "ends_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="exception_dates"),
            models.CheckConstraint(
                # A comparison with NULL refuses nothing.
                condition=Q(starts_minute=None, ends_minute=None, is_addition=False)
                | (Q(starts_minute__isnull=False, ends_minute__isnull=False) & _build_minutes_condition()),
                name="exception_minutes",
            ),
            models.UniqueConstraint(
                fields=["calendar", "starts_on", "holiday_country"],
                condition=~Q(holiday_country=""),
                # Those of all calendars have none.
                nulls_distinct=False,
                name="exception_one_holiday",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="exception_ends")]

    def __str__(self):
        return self.label or f"{self.starts_on}"
