"""Businesses, each with the name of its schema, and the platform's own row."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django_tenants.models import TenantMixin


def generate_schema_name() -> str:
    """Return a random schema name: it must not depend on the slug, which can change."""
    return f"t_{secrets.token_hex(12)}"


class BusinessStatus(models.TextChoices):
    """Whether a business is open, suspended for a time, or closed."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Business(TenantMixin):
    """One tenant. `PortalHostname` has its portal address, the schema named here has its data."""

    # tenants.provisioning creates the schema; saving a row must not.
    auto_create_schema = False
    auto_drop_schema = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schema_name = models.CharField(max_length=63, unique=True, default=generate_schema_name, editable=False)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=12, choices=BusinessStatus, default=BusinessStatus.ACTIVE)
    country = models.CharField(max_length=2, default="GB")
    currency = models.CharField(max_length=3, default="GBP")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    language = models.CharField(max_length=8, default="en")
    placement = models.CharField(max_length=63, default="main")
    attack_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(schema_name__regex=r"^t_[0-9a-f]{24}$"), name="business_schema_opaque"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self) -> bool:
        """Return whether the business may send messages and change its data: not while suspended or closed."""
        return self.status == BusinessStatus.ACTIVE


class Platform(models.Model):
    """State of the whole platform, in the table's only row. Attack mode writes it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    attack_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="platform_one_row")]

    def __str__(self):
        return "platform"
