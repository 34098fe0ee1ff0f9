"""The tenants and their domains."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Tenant(TenantMixin):
    """A business; saving it creates its schema and runs every migration in it."""

    name = models.CharField(max_length=120)
    auto_create_schema = True

    class Meta:
        app_label = "django_tenants_site"

    def __str__(self):
        return self.name


class Domain(DomainMixin):
    """A hostname of a tenant."""

    class Meta:
        app_label = "django_tenants_site"

    def __str__(self):
        return self.domain
