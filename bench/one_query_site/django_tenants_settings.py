"""Settings with django-tenants' own middleware, as its manual says."""

from bench.django_tenants_site.settings import *  # noqa: F403

MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "bench.one_query_site.urls"
