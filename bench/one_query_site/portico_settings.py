"""Settings with Portico's middleware alone, so that nothing else is measured."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

MIDDLEWARE = ["tenants.middleware.BusinessMiddleware"]
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]  # it insists on its own
ROOT_URLCONF = PORTAL_URLCONF = PUBLIC_SCHEMA_URLCONF = "bench.one_query_site.urls"
