"""A project that imports a list with django-import-export into one table."""
