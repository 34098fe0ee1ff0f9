"""Settings of plain Django with one schema, named in the connection's options."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "OPTIONS": {"options": f"-c search_path={os.environ['PLAIN_SCHEMA']},public"},
}
DATABASE_ROUTERS = []
# These two insist on their own middleware and router.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith(("allauth", "django_tenants"))]
MIDDLEWARE = []
ROOT_URLCONF = "bench.one_query_site.urls"
