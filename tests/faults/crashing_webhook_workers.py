"""A webhook worker that crashes at planned points, and a new one that replaces it each time.

A test puts a file `<point>/<id>` into CRASH_DIR, with the id of an event or an endpoint, as for the workers.
"""

import http.client
import os
import threading

from tests.faults.crashing_workers import crash_if_planned, hook_after, hook_before  # isort: split

from portal.integrations.webhooks import batches
from portal.integrations.webhooks.worker import WebhookWorker
from tenants import database_clock
from tenants.webhooks import streams

_posting = threading.local()


def main() -> None:
    """Install a hook at each point, then keep one worker running."""
    hook_after(streams, "claim_stream", lambda claim: claim and crash_if_planned("after-claim", claim.endpoint_id))
    hook_before(batches, "post_webhook", lambda *_to, headers, **_rest: note_event(headers["webhook-id"]))
    # The request has left when its answer is waited for.
    hook_before(http.client.HTTPConnection, "getresponse", lambda *_line: crash_if_planned("in-the-call", _posting.id))
    hook_before(streams, "release_stream", lambda claim, **_rest: crash_if_planned("after-2xx", claim.endpoint_id))
    hook_before(streams, "complete_deliveries", lambda ids: ids and crash_if_planned("before-commit", "any"))
    while True:
        if os.fork() == 0:
            WebhookWorker(clock=database_clock.now, threads=1).run_until_stopped(threading.Event())
        os.wait()


def note_event(event_id: str) -> None:
    """Remember which event this thread posts, and crash before it does if that is planned."""
    _posting.id = event_id
    crash_if_planned("before-the-call", event_id)


if __name__ == "__main__":
    main()
