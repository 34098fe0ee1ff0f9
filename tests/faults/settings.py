"""Settings for the cluster: pages need no front-end build."""

from config.settings import *  # noqa: F403

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
