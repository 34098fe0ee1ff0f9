"""Settings of what stores data: PostgreSQL with one schema per business, Redis, the queue and the cache."""

import random

from config import env

DATABASES = {
    "default": env.read_database_url(
        "DATABASE_URL", "PostgreSQL 15 or later, reached directly or by a session-mode pooler."
    )
    | {
        "ENGINE": "tenants.backend",
        # A database backend that used many schemas never frees its memory; jitter spreads the reconnects.
        "CONN_MAX_AGE": random.randint(600, 900),
        "ATOMIC_REQUESTS": False,
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TENANT_MODEL = "tenants.Business"
TENANT_DOMAIN_MODEL = "tenants.PortalHostname"
# The search path is set once for each business that a connection enters, not with each statement.
TENANT_LIMIT_SET_CALLS = True

REDIS_URL = env.read_string("REDIS_URL", "Redis or Valkey, for limits and, unless BROKER_URL is set, for the queue.")
BROKER_URL = env.read_string(
    "BROKER_URL", "The queue: redis:// or amqp:// (RabbitMQ). The same as REDIS_URL when unset.", default=REDIS_URL
)
CACHES = {"default": {"BACKEND": "tenants.staff.allauth_cache.AllauthCache"}}
