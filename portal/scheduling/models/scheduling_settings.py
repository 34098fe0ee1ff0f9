"""The rules of booking that hold for all services of a business."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Acceptance(models.TextChoices):
    """Whether staff confirm what clients book."""

    AUTOMATIC = "automatic", _("Confirm at once")
    NEW_CLIENTS = "new", _("Ask us about new clients")
    BY_HAND = "by-hand", _("Ask us every time")


def build_default_reminders() -> list[int]:
    """Return how many minutes before an appointment its reminders are due: a day, and two hours."""
    return [1440, 120]


class SchedulingSettings(models.Model):
    """The business's rules of booking, in one row that staff write. Without the row, the defaults apply.

    `notice`, `start_interval` and the windows are in minutes, `horizon` in days. `reminders` are minutes before the
    start. A window is the time before the start in which clients can no longer move or cancel an appointment.
    `offer_lifetime` is for how many minutes a time is held for somebody on the waiting list.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    intro = models.TextField(max_length=600, blank=True)
    notice = models.PositiveIntegerField(default=120)
    horizon = models.PositiveSmallIntegerField(default=90)
    start_interval = models.PositiveSmallIntegerField(default=15)
    acceptance = models.CharField(max_length=10, choices=Acceptance, default=Acceptance.AUTOMATIC)
    reschedule_window = models.PositiveIntegerField(default=1440)
    cancel_window = models.PositiveIntegerField(default=1440)
    reminders = ArrayField(models.PositiveIntegerField(), size=3, default=build_default_reminders, blank=True)
    has_follow_up = models.BooleanField(default=False)
    shows_attendees = models.BooleanField(default=False)
    has_waiting_list = models.BooleanField(default=True)
    offer_lifetime = models.PositiveIntegerField(default=240)
    holiday_country = models.CharField(max_length=2, blank=True)
    holiday_subdivision = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="scheduling_settings_one_row"),
            models.CheckConstraint(condition=Q(horizon__gte=1, horizon__lte=730), name="scheduling_horizon"),
            models.CheckConstraint(
                condition=Q(start_interval__gte=5, start_interval__lte=1440), name="scheduling_start_interval"
            ),
            models.CheckConstraint(
                condition=Q(offer_lifetime__gte=30, offer_lifetime__lte=4320), name="scheduling_offer_lifetime"
            ),
        ]

    def __str__(self):
        return "scheduling settings"
