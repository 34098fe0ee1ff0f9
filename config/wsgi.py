"""Where does a web server enter? It loads `application`, or is told in one sentence why not."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config import health  # noqa: E402  Needs the settings that the line above has read.
from tenants.checks import refuse_unsafe_settings  # noqa: E402
from tenants.pooling import UnsafePooler  # noqa: E402

refuse_unsafe_settings()
try:
    health.gate.prove()
except UnsafePooler as refusal:
    sys.exit(str(refusal))
