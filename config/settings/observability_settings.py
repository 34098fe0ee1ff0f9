"""Settings of errors, metrics and logs."""

from config import env
from config.logging import build_logging_config
from config.settings.installation_settings import DEMO

SENTRY_DSN = env.read_string(
    "SENTRY_DSN", "The Sentry project that errors are reported to; none when empty.", default=""
)
SENTRY_ENVIRONMENT = env.read_string(
    "SENTRY_ENVIRONMENT", "The environment that each report names.", default="demo" if DEMO else "production"
)

METRICS_DIR = env.read_string(
    "PROMETHEUS_MULTIPROC_DIR",
    "Where the processes of one machine store their metrics for `manage.py metrics`. Empty it before a start.",
    default="",
)
METRICS_HOST = env.read_string("METRICS_HOST", "The internal address of the metrics.", default="127.0.0.1")
METRICS_PORT = env.read_integer("METRICS_PORT", "The internal port of the metrics.", default=9400)

LOG_LEVEL = env.read_choice(
    "LOG_LEVEL", "debug, info, warning or error.", ["debug", "info", "warning", "error"], default="info"
)
LOG_FORMAT = env.read_choice(
    "LOG_FORMAT",
    "json for machines, console for people.",
    ["json", "console"],
    default="console" if DEMO else "json",
)
LOGGING_CONFIG = "config.observability.start_observability"
LOGGING = build_logging_config(level=LOG_LEVEL, style=LOG_FORMAT)
