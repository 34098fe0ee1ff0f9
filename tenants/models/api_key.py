"""Keys with which programs use the business API."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenants.models.person import Membership


class ApiKey(models.Model):
    """One key of one business, made by a member. Only the key's digest is stored, and its beginning to recognise it.

    It may do what its scopes name and its maker may; when the maker leaves the business, `membership` becomes empty
    and the key works no longer. `allowed_networks` are in CIDR notation; without any, it works from everywhere.
    `replaced_by` is the key that took its place, from when on this one expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="api_keys")
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="api_keys")
    name = models.CharField(max_length=60)
    beginning = models.CharField(max_length=12)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    allowed_networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaces")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gte=1), name="api_key_has_scope"),
        ]
        indexes = [models.Index(fields=["business", "-created_at"], name="api_key_of_business")]

    def __str__(self):
        return f"{self.beginning}… {self.name}"
