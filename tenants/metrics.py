"""Counters and histograms that every process reports to Prometheus.

Counting costs about a microsecond and never touches the network. With PROMETHEUS_MULTIPROC_DIR
set, every process counts in files of its own there and `manage.py metrics` adds them up.
What can be read from the database is not counted here: see `tenants.metrics_collector`.
"""

import os
from pathlib import Path

if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    # The client opens its files while it is imported, and fails when the directory is missing.
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

from prometheus_client import Counter, Gauge, Histogram

CODES = Counter(
    "portico_codes", "Sign-in codes requested, sent, delivered and used, and wrong ones rejected.", ["stage"]
)
CODES_REQUESTED = CODES.labels("requested")
CODES_SENT = CODES.labels("sent")
CODES_DELIVERED = CODES.labels("delivered")
CODES_USED = CODES.labels("used")
CODES_REJECTED = CODES.labels("rejected")

ENQUEUES = Counter(
    "portico_enqueues",
    "Messages put in the broker to wake a worker; the sweeper repeats a failed one.",
    ["queue", "outcome"],
)
DELIVERIES = Counter("portico_deliveries", "Deliveries that reached a final state.", ["queue", "channel", "state"])
WITHHELD_MESSAGES = Counter(
    "portico_withheld_messages",
    "Messages not sent because their address had too many over all businesses.",
    ["channel"],
)
# Reported as zero from the beginning, so that the first ones show as a rise.
WITHHELD_MESSAGES.labels("email")
WITHHELD_MESSAGES.labels("sms")
BUSY_RECIPIENTS = Counter(
    "portico_busy_recipients",
    "Notices sent to an address that several businesses together sent more than strangers may.",
)
SMS_REFUSED = Counter("portico_sms_refused", "Texts that were not sent, because of a cap or a stop.", ["reason"])
PROVIDER_CALLS = Counter("portico_provider_calls", "Calls to providers, by how they ended.", ["provider", "outcome"])
PROVIDER_CALL_DURATION = Histogram(
    "portico_provider_call_duration_seconds",
    "Duration of calls to providers, in seconds.",
    ["provider"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
)
PROVIDER_EVENTS = Counter("portico_provider_events", "Webhook events from providers.", ["provider", "outcome"])
BREAKER_OPEN = Gauge(
    "portico_breaker_open",
    "1 while the circuit breaker of a provider is open, as the last process to change it saw it.",
    ["provider"],
    multiprocess_mode="mostrecent",
)
CLOCK_OFFSET = Gauge(
    "portico_clock_offset_seconds",
    "How far the database's clock is ahead of a machine's, as the last process to measure it found.",
    multiprocess_mode="mostrecent",
)
HTTP_REQUESTS = Counter("portico_http_requests", "HTTP requests answered.", ["route", "method", "status"])
HTTP_REQUEST_DURATION = Histogram(
    "portico_http_request_duration_seconds",
    "Duration of HTTP requests in the application, in seconds.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
HTTP_REFUSALS = Counter(
    "portico_http_refusals",
    "Requests refused before the application saw them, and connections closed on slow readers.",
    ["reason"],
)
SLOW_SENDERS = HTTP_REFUSALS.labels("slow-sender")
SLOW_READERS = HTTP_REFUSALS.labels("slow-reader")
TOO_LARGE_BODIES = HTTP_REFUSALS.labels("too-large")
BUSY_NETWORKS = HTTP_REFUSALS.labels("network")
FULL_DISKS = HTTP_REFUSALS.labels("no-room")
