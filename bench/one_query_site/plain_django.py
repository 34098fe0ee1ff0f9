"""Settings of plain Django with one schema, named in the connection's options."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "OPTIONS": {"options": f"-c search_path={os.environ['PLAIN_SCHEMA']},public"},
}
DATABASE_ROUTERS = []
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "tenants", "portal.branding"]
MIDDLEWARE = []
ROOT_URLCONF = "bench.one_query_site.urls"
