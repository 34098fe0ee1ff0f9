"""How does django-tenants get in? By its own middleware, set up as its manual says."""

from bench.rival.settings import *  # noqa: F403

MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "bench.boundary_site.urls"
