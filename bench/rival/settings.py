"""How is it set up? With our apps and migrations, and its own tenants and domains."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, SHARED_APPS, TENANT_APPS

DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"

SHARED_APPS = [*(app for app in SHARED_APPS if not app.startswith("allauth")), "bench.rival"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "rival.Tenant"
TENANT_DOMAIN_MODEL = "rival.Domain"
TENANT_LIMIT_SET_CALLS = True
