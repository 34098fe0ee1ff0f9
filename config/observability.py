"""Start of logging and error reports in every process.

`LOGGING_CONFIG` names `start_observability`, so that every web server, worker and command calls it in
`django.setup()`, before anything else of ours is imported.
"""

from typing import Any

from django.conf import settings

from config import logging


def start_observability(config: dict[str, Any]) -> None:
    """Configure logging and, with a SENTRY_DSN, error reports."""
    logging.configure_logging(config)
    if settings.SENTRY_DSN:
        # Takes 7 MB, so it is imported only where it is used.
        from config import sentry

        sentry.init_sentry(dsn=settings.SENTRY_DSN, environment=settings.SENTRY_ENVIRONMENT)
