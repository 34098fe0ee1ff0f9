"""How do we get in? By our middleware alone, so that nothing else is measured."""

from config.settings import *  # noqa: F403

MIDDLEWARE = ["tenants.middleware.BusinessMiddleware"]
ROOT_URLCONF = PORTAL_URLCONF = PUBLIC_SCHEMA_URLCONF = "bench.boundary_site.urls"
