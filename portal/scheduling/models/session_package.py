"""The packages of sessions that a business offers."""

import uuid

from django.db import models
from django.db.models import Q

MAX_SESSIONS = 500
MAX_VALIDITY_DAYS = 3650


class SessionPackage(models.Model):
    """Several sessions of certain services that a client is given at once; written by staff.

    A client has `validity_days` to use them, counted from the day they are given, or any time where it is empty.
    `price_amount` is in the minor unit of `price_currency`, and None where no price is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    sessions = models.PositiveSmallIntegerField()
    services = models.ManyToManyField("scheduling.Service", related_name="session_packages")
    validity_days = models.PositiveSmallIntegerField(null=True, blank=True)
    price_amount = models.PositiveBigIntegerField(null=True, blank=True)
    price_currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(sessions__gte=1, sessions__lte=MAX_SESSIONS), name="session_package_size"
            ),
            models.CheckConstraint(
                condition=Q(validity_days=None) | Q(validity_days__gte=1, validity_days__lte=MAX_VALIDITY_DAYS),
                name="session_package_validity",
            ),
        ]

    def __str__(self):
        return self.name
