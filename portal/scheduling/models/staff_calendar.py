"""The calendars of those who give services."""

import uuid

from django.db import models
from django.db.models import Q


class StaffCalendar(models.Model):
    """The calendar of one person who gives services; written by staff.

    `person_id` is the member of staff whose calendar it is, or empty for somebody who doesn't sign in. `time_zone` is
    that of its weekly hours and exceptions. `daily_limit` is the most appointments on one day of that zone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    person_id = models.UUIDField(null=True, blank=True)
    time_zone = models.CharField(max_length=64)
    daily_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(condition=Q(daily_limit=None) | Q(daily_limit__gte=1), name="calendar_daily_limit"),
            models.UniqueConstraint(
                fields=["person_id"], condition=~Q(person_id=None), name="calendar_one_for_each_person"
            ),
        ]

    def __str__(self):
        return self.name
