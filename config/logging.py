"""What does a log line say, and what may it never say?

Every line, ours or a library's, goes through the same processors: it gains the time, the
level, the request and the business, and loses whatever looks like a person's.
`LOGGING_CONFIG` names `start`, so every process that calls `django.setup()` logs this way.
"""

import logging.config
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from django.db import connection

from config.scrubbing import scrub, scrub_message

Event = dict[str, Any]

# Put there by ourselves, and needed unharmed.
OURS = frozenset({"timestamp", "level", "logger", "request_id", "business", "exception"})
QUIET = {
    # The request log says the same with a route for a path; paths may hold tokens.
    "django.request": {"handlers": [], "propagate": False},
    "django.server": {"handlers": [], "propagate": False},
    "django": {"handlers": [], "level": "INFO"},
    # At debug these print statements with their values, and every request to a provider.
    "django.db.backends": {"level": "INFO"},
    "urllib3": {"level": "INFO"},
    "twilio": {"level": "WARNING"},
    "pika": {"level": "WARNING"},
}


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Return the LOGGING setting; `style` is "json" for machines or "console" for people."""
    people = style == "console"
    renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if people else structlog.processors.JSONRenderer()
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _processors(),
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": QUIET,
    }


def start(config: dict[str, Any]) -> None:
    """Begin to log as `logging_config` says. Django calls this while it sets up."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def add_business(logger: Any, method: str, event: Event) -> Event:
    """Name the business the line was written in, by its id."""
    business = getattr(getattr(connection, "tenant", None), "pk", None)
    if business:
        event.setdefault("business", str(business))
    return event


def render_exception(logger: Any, method: str, event: Event) -> Event:
    """Turn an exception into text: its frames without locals, its message scrubbed."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    error = error or (sys.exc_info()[1] if given is True else None)
    if error:
        event["exception"] = "".join(_lines(error))
    return event


def scrub_line(logger: Any, method: str, event: Event) -> Event:
    """Take out addresses, numbers, codes and tokens, and values whose name gives them away."""
    return {key: value if key in OURS or key[0] == "_" else scrub(value, name=key) for key, value in event.items()}


def _processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        add_business,
        render_exception,
        scrub_line,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _lines(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before:
        yield from _lines(before)
        yield "\nwhich led to\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {scrub_message(str(error))}\n"
