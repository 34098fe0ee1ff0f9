"""Settings with our apps and migrations, and django-tenants' tenants and domains."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, SHARED_APPS, TENANT_APPS

DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"

SHARED_APPS = [*(app for app in SHARED_APPS if not app.startswith("allauth")), "bench.django_tenants_site"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "django_tenants_site.Tenant"
TENANT_DOMAIN_MODEL = "django_tenants_site.Domain"
TENANT_LIMIT_SET_CALLS = True
