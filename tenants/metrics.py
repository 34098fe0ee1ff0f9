"""What is counted, and under which names do the numbers reach Prometheus?

Counting costs about a microsecond and never touches the network. With PROMETHEUS_MULTIPROC_DIR
set, every process counts in files of its own there and `manage.py metrics` adds them up.
What can be asked of the database is not counted here: see `tenants.database_metrics`.
"""

import os
from pathlib import Path

if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    # The client opens its files while it is imported, and fails when the directory is missing.
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

from prometheus_client import Counter, Gauge, Histogram

CODES = Counter("portico_codes", "Codes asked for, sent, delivered and used, and wrong ones refused.", ["stage"])
CODES_ASKED = CODES.labels("asked")
CODES_SENT = CODES.labels("sent")
CODES_DELIVERED = CODES.labels("delivered")
CODES_USED = CODES.labels("used")
CODES_REFUSED = CODES.labels("refused")

BELLS = Counter(
    "portico_bells", "Doorbells for workers; a failed one is made good by the sweeper.", ["queue", "outcome"]
)
DELIVERIES = Counter("portico_deliveries", "Deliveries as workers left them.", ["queue", "channel", "state"])
PROVIDER_CALLS = Counter("portico_provider_calls", "Calls to providers.", ["provider", "outcome"])
PROVIDER_SECONDS = Histogram(
    "portico_provider_seconds",
    "How long providers took to answer.",
    ["provider"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
)
PROVIDER_EVENTS = Counter("portico_provider_events", "Events from providers.", ["provider", "outcome"])
BREAKER_OPEN = Gauge(
    "portico_breaker_open",
    "1 while calls to a provider are suspended, as the last process to change its mind saw it.",
    ["provider"],
    multiprocess_mode="mostrecent",
)
REQUESTS = Counter("portico_requests", "Requests answered.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "portico_request_seconds",
    "How long answers took, without the way through the web server.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
