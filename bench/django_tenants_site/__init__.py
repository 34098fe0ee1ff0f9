"""The same product on django-tenants' own models and middleware."""
