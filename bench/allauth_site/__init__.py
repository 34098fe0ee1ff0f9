"""How would a small Django project sign people in? With django-allauth's login by code, as its manual says."""
