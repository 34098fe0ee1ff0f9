"""How would the same product be built on django-tenants as it comes?"""
