"""Outages of code delivery, per business and channel."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.models.delivery import Channel


class Outage(models.Model):
    """A period in which one business's codes did not go out on one channel; ongoing while `ended_at` is null.

    Sweepers write it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "channel"], condition=Q(ended_at=None), name="outage_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.channel} since {self.started_at:%Y-%m-%d %H:%M}"
