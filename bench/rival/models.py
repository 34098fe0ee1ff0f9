"""Who is a tenant there, and at which hosts?"""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Tenant(TenantMixin):
    """A business; saving it makes its schema and runs every migration in it."""

    name = models.CharField(max_length=120)
    auto_create_schema = True

    class Meta:
        app_label = "rival"

    def __str__(self):
        return self.name


class Domain(DomainMixin):
    """A host of a tenant's."""

    class Meta:
        app_label = "rival"

    def __str__(self):
        return self.domain
