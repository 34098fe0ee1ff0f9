"""The reminders and follow-ups of appointments that are to be sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet


class ReminderKind(models.TextChoices):
    """Whether it is sent before an appointment or after it."""

    REMINDER = "reminder", _("Reminder")
    FOLLOW_UP = "follow-up", _("Follow-up")


class AppointmentReminderQuerySet(DemoAwareQuerySet):
    """Chainable filters for reminders."""

    client_path = "appointment__client"

    def waiting(self):
        """Return reminders that have not become messages yet."""
        return self.filter(handled_at=None)


class AppointmentReminder(models.Model):
    """One reminder or follow-up of an appointment, written by `services.reminders`.

    `minutes` is its distance from the appointment: before the start, or after the end. It is about the appointment's
    `version`; one that waits is deleted when the appointment moves or is cancelled. At `handled_at` it became a
    message, or was dropped because it was of no use any more.
    """

    appointment = models.ForeignKey("scheduling.Appointment", models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10, choices=ReminderKind)
    minutes = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "minutes", "version"], name="appointment_reminder_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(handled_at__isnull=True), name="appointment_reminder_waiting"
            ),
            models.Index(fields=["handled_at"], name="appointment_reminder_handled"),
        ]

    def __str__(self):
        return f"{self.kind} {self.due_at:%Y-%m-%d %H:%M}"
