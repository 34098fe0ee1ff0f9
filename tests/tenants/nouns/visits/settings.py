"""Portico's settings with one more noun."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, SHARED_APPS, TENANT_APPS

TENANT_APPS = [*TENANT_APPS, "tests.tenants.nouns.visits"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
# The tests' base database is named after this one; with another table it can't be the usual one.
DATABASES["default"]["NAME"] = "visits"
