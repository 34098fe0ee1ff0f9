"""How is Portico set up with that app in every business?"""

import os
import sys

from config.settings import *  # noqa: F403
from config.settings import SHARED_APPS, TENANT_APPS

sys.path.append(os.environ["GROWING_ROOM"])
TENANT_APPS = [*TENANT_APPS, "bench.growing"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
MIGRATION_MODULES = {"growing": os.environ["GROWING_MIGRATIONS"]}
