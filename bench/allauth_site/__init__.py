"""A small Django project with django-allauth's login by code, as its manual says."""
