"""A database engine: django-tenants' PostgreSQL backend with fewer round trips."""
