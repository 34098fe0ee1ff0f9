"""The WSGI application that web servers load."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_wsgi_application()

    # These need the settings, which the line above has read.
    from config import health
    from tenants.checks import exit_on_unsafe_settings
    from tenants.nouns.checks import exit_on_invalid_nouns

    exit_on_unsafe_settings()
    exit_on_invalid_nouns()
    health.readiness.check_pooler_at_start()
except ImproperlyConfigured as error:
    sys.exit(str(error))
