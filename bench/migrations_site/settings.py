"""Portico's settings with that app in every business."""

import os
import sys

from config.settings import *  # noqa: F403
from config.settings import SHARED_APPS, TENANT_APPS

sys.path.append(os.environ["MIGRATIONS_DIR"])
TENANT_APPS = [*TENANT_APPS, "bench.migrations_site"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
MIGRATION_MODULES = {"migrations_site": os.environ["MIGRATIONS_MODULE"]}
