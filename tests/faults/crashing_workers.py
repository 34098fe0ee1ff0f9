"""Workers that are killed, or put to sleep, at a chosen line, and others that take their place.

Whoever runs this puts a file `<point>/<id>` into the directory CRASH_DIR, with the name of a
signal in it. The first worker that comes to this point with this delivery, or event, sends
itself that signal; the file is gone first, so the next one passes. Each worker is a process
of its own with one thread, forked from one that has everything loaded, so that killing two
hundred takes seconds.
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
from workers.redis_broker import ResilientRedisConsumer

# What a worker loads with its first message, loaded once for all of them.
PRELOADED = mail, [get_template(f"messages/sign-in-code/{part}") for part in ("subject.txt", "body.txt", "body.html")]
WORKERS = 4
QUEUES = {Queue.CODES.value, Queue.NOTICES.value}
CRASH_DIR = Path(os.environ["CRASH_DIR"])

_sending = threading.local()


def crash_if_planned(point: str, row_id: object) -> None:
    """Be killed, or put to sleep, if this is where and with what."""
    signal_file = CRASH_DIR / point / str(row_id)
    try:
        number = signal.Signals[signal_file.read_text()]
        signal_file.unlink()
    except FileNotFoundError:
        return
    # To this thread: sent to the process, another thread may have to wake up for it, and this one runs on meanwhile.
    signal.pthread_kill(threading.get_ident(), number)


def main() -> None:
    """Lay the traps, then keep so many workers alive for as long as this process lives."""
    install_hooks()
    for _worker in range(WORKERS):
        fork_worker()
    while True:
        os.wait()
        fork_worker()


def install_hooks() -> None:
    """Put one trap at each point."""
    hook_before(outbox, "claim", lambda delivery_id, now: crash_if_planned("before-claim", delivery_id))
    hook_after(outbox, "claim", lambda claim: claim and crash_if_planned("after-claim", claim.delivery_id))
    hook_before(
        SendGridProvider, "send", lambda provider, outgoing: setattr(_sending, "delivery_id", outgoing.delivery_id)
    )
    # The request has left when its answer is waited for.
    hook_before(HTTPConnection, "getresponse", lambda *_line: crash_if_planned("in-the-call", _sending.delivery_id))
    hook_before(outbox, "completion_update", lambda claim, **_words: crash_if_planned("after-2xx", claim.delivery_id))
    hook_before(
        ResilientRedisConsumer,
        "ack",
        lambda _consumer, message: crash_if_planned("before-ack", message.kwargs.get("delivery_id")),
    )
    hook_after(provider_events, "mark_applied", lambda event: event and crash_if_planned("event-taken", event.pk))


def hook_before(owner: Any, name: str, hook: Callable) -> None:
    """Spring a trap on the arguments of a call, before it is made."""
    original = getattr(owner, name)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        hook(*args, **kwargs)
        return original(*args, **kwargs)

    setattr(owner, name, wrapper)


def hook_after(owner: Any, name: str, hook: Callable) -> None:
    """Spring a trap on the result of a call, before its caller learns it."""
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
    # Its siblings' heartbeats are not its own.
    broker.broker_id = str(uuid4())
    Worker(broker, queues=QUEUES, worker_threads=1).start()
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
