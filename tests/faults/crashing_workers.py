"""Workers that crash, or stop, at a planned point, and new ones that replace them.

A test puts a file `<point>/<id>` into CRASH_DIR with the name of a signal in it. The first worker that
reaches this point with this delivery, or event, deletes the file and sends itself that signal; the next
one passes. Each worker is a process with one thread, forked from one that has everything loaded, so that
killing two hundred takes seconds.
"""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from workers.main import broker  # isort: split

from django.template.loader import get_template
from dramatiq import Worker
from sendgrid.helpers import mail
from urllib3.connection import HTTPConnection

from tenants import outbox, provider_events
from tenants.models import Queue
from workers.providers.sendgrid import SendGridProvider
from workers.queue.redis_broker import ResilientRedisConsumer

# Modules and templates that a worker would load with its first message.
PRELOADED = mail, [get_template(f"messages/sign-in-code/{part}") for part in ("subject.txt", "body.txt", "body.html")]
WORKERS = 4
QUEUES = {Queue.CODES.value, Queue.NOTICES.value}
CRASH_DIR = Path(os.environ["CRASH_DIR"])

_sending = threading.local()


def crash_if_planned(point: str, row_id: object) -> None:
    """Send this thread the signal planned for a point and a row, if any."""
    signal_file = CRASH_DIR / point / str(row_id)
    try:
        number = signal.Signals[signal_file.read_text()]
        signal_file.unlink()
    except FileNotFoundError:
        return
    # To this thread: a signal to the process may be handled by another thread while this one goes on.
    signal.pthread_kill(threading.get_ident(), number)


def main() -> None:
    """Install the hooks, then keep a number of workers running."""
    install_crash_points()
    for _worker in range(WORKERS):
        fork_worker()
    while True:
        os.wait()
        fork_worker()


def install_crash_points() -> None:
    """Install a hook at each point."""
    hook_before(outbox, "claim_delivery", lambda delivery_id, now: crash_if_planned("before-claim", delivery_id))
    hook_after(outbox, "claim_delivery", lambda claim: claim and crash_if_planned("after-claim", claim.delivery_id))
    hook_before(
        SendGridProvider, "send", lambda provider, outgoing: setattr(_sending, "delivery_id", outgoing.delivery_id)
    )
    # The request has left when its answer is waited for.
    hook_before(HTTPConnection, "getresponse", lambda *_line: crash_if_planned("in-the-call", _sending.delivery_id))
    hook_before(
        outbox, "build_completion_update", lambda claim, **_words: crash_if_planned("after-2xx", claim.delivery_id)
    )
    hook_before(
        ResilientRedisConsumer,
        "ack",
        lambda _consumer, message: crash_if_planned("before-ack", message.kwargs.get("delivery_id")),
    )
    hook_after(provider_events, "mark_event_applied", lambda event: event and crash_if_planned("event-taken", event.pk))


def hook_before(owner: Any, name: str, hook: Callable) -> None:
    """Call a hook with the arguments of a function before each call."""
    original = getattr(owner, name)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        hook(*args, **kwargs)
        return original(*args, **kwargs)

    setattr(owner, name, wrapper)


def hook_after(owner: Any, name: str, hook: Callable) -> None:
    """Call a hook with the result of a function before it returns."""
    original = getattr(owner, name)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        hook(result)
        return result

    setattr(owner, name, wrapper)


def fork_worker() -> None:
    """Start one more worker, which never returns."""
    if os.fork():
        return
    # Each worker needs heartbeats of its own.
    broker.broker_id = str(uuid4())
    Worker(broker, queues=QUEUES, worker_threads=1).start()
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
