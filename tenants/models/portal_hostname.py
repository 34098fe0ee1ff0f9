"""The hostnames of businesses, current and former."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class PortalHostname(models.Model):
    """A slug below the portal domain, or a custom domain. Provisioning, a change of slug and domain checks write it.

    A former hostname is never deleted: it redirects, and the unique constraints keep other businesses from taking it.
    `verified_at` is set for custom domains only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.PROTECT, related_name="hostnames")
    slug = models.CharField(max_length=63, null=True, blank=True, unique=True)
    domain = models.CharField(max_length=253, null=True, blank=True, unique=True)
    is_current = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__isnull=False, domain__isnull=True) | Q(slug__isnull=True, domain__isnull=False),
                name="hostname_slug_or_domain",
            ),
            models.CheckConstraint(
                condition=Q(slug__isnull=True) | Q(slug__regex=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"),
                name="hostname_slug_shape",
            ),
            models.UniqueConstraint(
                fields=["business"], condition=Q(is_current=True, slug__isnull=False), name="hostname_one_current_slug"
            ),
        ]

    def __str__(self):
        return self.slug or self.domain
