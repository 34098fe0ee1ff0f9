"""Which database engine is this? PostgreSQL as django-tenants drives it, with fewer journeys there and back."""
