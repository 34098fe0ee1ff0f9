"""Workers that are killed, or put to sleep, at a chosen line, and others that take their place.

Whoever runs this puts a file `<point>/<id>` into the directory DOOM, with the name of a
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
LOADED = mail, [get_template(f"messages/sign-in-code/{part}") for part in ("subject.txt", "body.txt", "body.html")]
WORKERS = 4
QUEUES = {Queue.CODES.value, Queue.NOTICES.value}
DOOM = Path(os.environ["DOOM"])

_sending = threading.local()


def strike(point: str, row_id: object) -> None:
    """Be killed, or put to sleep, if this is where and with what."""
    doom = DOOM / point / str(row_id)
    try:
        number = signal.Signals[doom.read_text()]
        doom.unlink()
    except FileNotFoundError:
        return
    # To this thread: sent to the process, another thread may have to wake up for it, and this one runs on meanwhile.
    signal.pthread_kill(threading.get_ident(), number)


def main() -> None:
    """Lay the traps, then keep so many workers alive for as long as this process lives."""
    lay_traps()
    for _worker in range(WORKERS):
        fork_worker()
    while True:
        os.wait()
        fork_worker()


def lay_traps() -> None:
    """Put one trap at each point."""
    before(outbox, "claim", lambda delivery_id, now: strike("before-claim", delivery_id))
    after(outbox, "claim", lambda claim: claim and strike("after-claim", claim.delivery_id))
    before(SendGridProvider, "send", lambda provider, outgoing: setattr(_sending, "delivery_id", outgoing.delivery_id))
    # The request has left when its answer is waited for.
    before(HTTPConnection, "getresponse", lambda *_line: strike("in-the-call", _sending.delivery_id))
    before(outbox, "completion_update", lambda claim, **_words: strike("after-2xx", claim.delivery_id))
    before(
        ResilientRedisConsumer,
        "ack",
        lambda _consumer, message: strike("before-ack", message.kwargs.get("delivery_id")),
    )
    after(provider_events, "mark_applied", lambda event: event and strike("event-taken", event.pk))


def before(place: Any, name: str, trap: Callable) -> None:
    """Spring a trap on the arguments of a call, before it is made."""
    real = getattr(place, name)

    def trapped(*args: Any, **kwargs: Any) -> Any:
        trap(*args, **kwargs)
        return real(*args, **kwargs)

    setattr(place, name, trapped)


def after(place: Any, name: str, trap: Callable) -> None:
    """Spring a trap on the result of a call, before its caller learns it."""
    real = getattr(place, name)

    def trapped(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        trap(result)
        return result

    setattr(place, name, trapped)


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
