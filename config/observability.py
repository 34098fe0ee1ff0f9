"""What begins to watch a process when it starts?

`LOGGING_CONFIG` names `start`, so that no web server, worker or command can forget it:
`django.setup()` calls it before anything else of ours runs, a dramatiq broker included.
"""

from typing import Any

from django.conf import settings

from config import logging


def start(config: dict[str, Any]) -> None:
    """Begin to log and, where there is a SENTRY_DSN, to report errors."""
    logging.configure(config)
    if settings.SENTRY_DSN:
        # Seven MB that only those who use it should carry.
        from config import sentry

        sentry.init(dsn=settings.SENTRY_DSN, environment=settings.SENTRY_ENVIRONMENT)
