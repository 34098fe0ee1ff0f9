"""Sentry set-up that sends error reports without personal data.

Each report is built from a short list of fields that can't hold anything personal. What the SDK or an
integration adds (request, cookies, locals, job arguments, breadcrumbs, command line) is dropped.
Exception messages, the only free text, are scrubbed.
"""

import logging
from collections.abc import Iterator
from typing import Any

import sentry_sdk
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404
from sentry_sdk.consts import SPANDATA
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.dramatiq import DramatiqIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.integrations.threading import ThreadingIntegration
from structlog.contextvars import get_contextvars

from config.scrubbing import scrub_message

# Normal responses, not errors.
IGNORED_EXCEPTIONS = [Http404, PermissionDenied, SuspiciousOperation, KeyboardInterrupt]
ALLOWED_FIELDS = ("event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk")
ALLOWED_FRAME_FIELDS = "filename abs_path module function lineno context_line pre_context post_context in_app".split()


def init_sentry(*, dsn: str, environment: str, **options: Any) -> None:
    """Start to report unhandled errors of this process. Tests pass a transport in `options`."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        before_send=sanitise_error_report,
        before_send_transaction=lambda event, hint: None,
        ignore_errors=IGNORED_EXCEPTIONS,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        # The other integrations patch sockets, subprocesses, Redis and argv, and report their values.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda pending, timeout: None),
            DedupeIntegration(),
            DjangoIntegration(transaction_style="function_name", signals_spans=False),
            DramatiqIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ThreadingIntegration(propagate_scope=False),
        ],
        **options,
    )
    # The first logs rejected requests; the second would report a job before the integration, which knows its queue.
    ignore_logger("django.security.*")
    ignore_logger("dramatiq.*")


def sanitise_error_report(event: Any, hint: dict[str, Any]) -> Any:
    """Return a report with the allowed fields only."""
    report = {name: event[name] for name in ALLOWED_FIELDS if name in event}
    if "exception" in event:
        report["exception"] = {"values": [_sanitise_exception(one) for one in event["exception"].get("values", [])]}
    if "logentry" in event or "message" in event:
        text = event.get("message") or event["logentry"].get("formatted") or event["logentry"].get("message")
        report["logentry"] = {"message": scrub_message(str(text))}
    contexts = event.get("contexts", {})
    report["contexts"] = {name: contexts[name] for name in ("runtime", "trace") if name in contexts}
    report["tags"] = dict(_build_error_tags(hint))
    # The integration resolves paths with the platform's URLs only, not the portal's.
    report["transaction"] = get_contextvars().get("route") or event.get("transaction")
    return report


def _sanitise_exception(data: dict[str, Any]) -> dict[str, Any]:
    mechanism = data.get("mechanism") or {}
    frames = (data.get("stacktrace") or {}).get("frames") or []
    return {
        "type": data.get("type"),
        "module": data.get("module"),
        "value": scrub_message(str(data.get("value") or "")),
        "mechanism": {name: mechanism[name] for name in ("type", "handled") if name in mechanism},
        "stacktrace": {
            "frames": [{name: frame[name] for name in ALLOWED_FRAME_FIELDS if name in frame} for frame in frames]
        },
    }


def _build_error_tags(hint: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield tags for the business, the request and, for a job, its queue and its name if a noun declares it."""
    error = (hint.get("exc_info") or (None, None))[1]
    business = getattr(error, "business_id", None) or getattr(getattr(connection, "tenant", None), "pk", None)
    if business:
        yield "business", str(business)
    if request_id := get_contextvars().get("request_id"):
        yield "request_id", request_id
    span = sentry_sdk.get_current_span()
    queue = span and span.to_json().get("data", {}).get(SPANDATA.MESSAGING_DESTINATION_NAME)
    if queue:
        yield "queue", str(queue)
    if job_name := getattr(error, "job_name", None):
        yield "job", job_name
