"""The calendars that staff keep elsewhere, and when these are busy."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Without an answer for so long, what is known of a calendar may have changed since.
STALE_AFTER = timedelta(hours=2)


class FetchError(models.TextChoices):
    """Why a calendar could not be read, in a sentence; none names its address."""

    TIMEOUT = "timeout", _("The other calendar did not answer in time.")
    TLS = "tls", _("The certificate of the address is not valid.")
    UNREACHABLE = "unreachable", _("The address could not be reached.")
    NO_HTTP = "no-http", _("What answered is no web server.")
    UNRESOLVABLE = "unresolvable", _("The name of the address is not known.")
    PRIVATE_ADDRESS = "private-address", _("The address leads into a private network, where we read nothing.")
    REDIRECTS = "redirects", _("The address leads to others without end, or to none that can be read.")
    NOT_FOUND = "not-found", _("There is no calendar at this address any more. Copy the address once more.")
    REFUSED = "refused", _("The other program doesn’t hand the calendar out. Copy its secret address once more.")
    SERVER_ERROR = "server-error", _("The other program has a fault of its own at present.")
    BROKEN_CALENDAR = "broken-calendar", _("There is no calendar file at this address.")
    TOO_LARGE = "too-large", _("The calendar is larger than what we read.")
    TOO_MANY_EVENTS = "too-many-events", _("The calendar has too many events.")
    TOO_COMPLEX = "too-complex", _("The calendar has events that repeat too often to be read.")
    OWN_FEED = "own-feed", _("This is the calendar feed of this business, whose times are counted already.")
    UNREADABLE_ADDRESS = "unreadable-address", _("The saved address can’t be read any more. Enter it once more.")
    FAILED = "failed", _("The calendar could not be read because of a fault of ours.")


class OutsideCalendar(models.Model):
    """A calendar that a member of staff keeps elsewhere; added by staff, and read again and again by a job.

    `address` is encrypted: whoever knows it reads the calendar. `etag` and `last_modified` are those of the last file,
    whose busy times were computed with `time_zone` until `known_until`. `failing_since` is when the first of the
    attempts failed that nothing has succeeded since; what was read before stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    calendar = models.ForeignKey("scheduling.StaffCalendar", models.CASCADE, related_name="outside_calendars")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=2000)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    next_fetch_at = models.DateTimeField()
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=20, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    staff_notified_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    known_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_error="", failing_since=None) | ~Q(last_error="") & Q(failing_since__isnull=False),
                name="outside_calendar_error_while_failing",
            ),
        ]
        indexes = [
            models.Index(fields=["next_fetch_at"], condition=Q(is_active=True), name="outside_calendar_due"),
        ]

    def __str__(self):
        return self.name

    @property
    def error_text(self) -> str:
        """Why the last attempt failed, in a sentence; empty if it did not."""
        return str(FetchError(self.last_error).label) if self.last_error else ""

    def is_stale(self, now: datetime) -> bool:
        """Return whether what is known of the calendar may have changed long since."""
        return self.is_active and (self.last_ok_at or self.created_at) < now - STALE_AFTER


class OutsideBusyTime(models.Model):
    """A time at which an outside calendar is busy, and nothing about why; all are replaced when it is read again."""

    outside_calendar = models.ForeignKey(OutsideCalendar, models.CASCADE, related_name="busy_times")
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(busy_from__lt=F("busy_until")), name="outside_busy_time_times"),
        ]
        indexes = [models.Index(fields=["outside_calendar", "busy_until"], name="outside_busy_time_until")]

    def __str__(self):
        return f"{self.busy_from:%Y-%m-%d %H:%M}"
