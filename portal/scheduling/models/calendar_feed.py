"""The secret addresses at which calendar programs read appointments."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.nouns.querysets import DemoAwareManager

IS_OF_CLIENT = Q(client__isnull=False, calendar=None, person_id=None)
IS_OF_STAFF = Q(client=None, calendar__isnull=False, person_id__isnull=False)


class CalendarFeed(models.Model):
    """A secret address at which a client's appointments, or those of a staff calendar, can be read.

    Written by its owner: the client, or the member of staff `person_id`, whose calendar it was then. It holds only the
    digest of the secret. Each owner has one feed that works; a new one ends the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="calendar_feeds")
    calendar = models.ForeignKey(
        "scheduling.StaffCalendar", models.CASCADE, null=True, blank=True, related_name="feeds"
    )
    person_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DemoAwareManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=IS_OF_CLIENT | IS_OF_STAFF, name="calendar_feed_has_one_owner"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(revoked_at=None), name="calendar_feed_one_for_each_client"
            ),
            models.UniqueConstraint(
                fields=["calendar"], condition=Q(revoked_at=None), name="calendar_feed_one_for_each_calendar"
            ),
        ]

    def __str__(self):
        return f"feed of {self.created_at:%Y-%m-%d %H:%M}"
