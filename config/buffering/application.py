"""The ASGI application in front of a WSGI application.

It reads a request's body on the event loop, within a deadline and a limit of size, and only then takes one of a few
threads to call the application. The finished response is sent from the event loop, while the thread serves others.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from config.buffering.body_receiver import BodyReceiver, BodyTimeouts, linger
from config.buffering.request_bodies import (
    BodyIncomplete,
    BodyRefused,
    DiskBudgets,
    Receive,
    RequestBody,
    buffer_body,
)
from config.buffering.response_sending import Send, count_held_bytes, send_response
from config.buffering.shared_budgets import BudgetExceeded, SharedBudget
from config.buffering.slow_readers import SlowReaderMonitor
from config.buffering.thread_pool import ThreadPool
from config.buffering.wsgi_environs import Environ, build_environ, get_announced_bytes, has_body
from config.buffering.wsgi_responses import WSGIApplication, WSGIResponse, build_plain_response, call_application
from tenants import metrics
from tenants.body_limits import BODY_REFUSAL
from tenants.client_ip import find_network, find_network_block
from tenants.limits import (
    CONNECTIONS_PER_PROCESS,
    DOWNLOADS_ON_DISK_BYTES,
    ORDINARY_BODIES_ON_DISK_BYTES,
    UPLOADS_ON_DISK_BYTES,
)

TOO_SLOW, TOO_LARGE, TOO_MANY, NO_ROOM = 408, 413, 429, 503
COUNTERS = {
    TOO_SLOW: metrics.SLOW_SENDERS,
    TOO_LARGE: metrics.TOO_LARGE_BODIES,
    TOO_MANY: metrics.BUSY_NETWORKS,
    NO_ROOM: metrics.FULL_DISKS,
}


@dataclass(frozen=True)
class BufferSettings:
    """How long a buffered application waits for senders and readers, and how many threads call it."""

    threads: int
    body_timeouts: BodyTimeouts
    bodies_per_network: int
    stall_timeout: float
    min_rate: int
    trusted_proxies: int


class BufferedApplication:
    """A WSGI application that is only called for requests that have arrived."""

    def __init__(self, application: WSGIApplication, settings: BufferSettings) -> None:
        self._application = application
        self._trusted_proxies = settings.trusted_proxies
        self._pool = ThreadPool(settings.threads)
        self._body_receiver = BodyReceiver(self._call, settings.body_timeouts)
        self._senders = SharedBudget(CONNECTIONS_PER_PROCESS, share=settings.bodies_per_network)
        self._disk = DiskBudgets(
            ordinary=SharedBudget(ORDINARY_BODIES_ON_DISK_BYTES, share=ORDINARY_BODIES_ON_DISK_BYTES // 8),
            admitted=SharedBudget(UPLOADS_ON_DISK_BYTES, share=UPLOADS_ON_DISK_BYTES // 2),
        )
        self._downloads = SharedBudget(DOWNLOADS_ON_DISK_BYTES, share=DOWNLOADS_ON_DISK_BYTES // 4)
        self._monitor = SlowReaderMonitor(stall_timeout=settings.stall_timeout, min_rate=settings.min_rate)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._monitor.start(scope["server"])
        environ = build_environ(scope)
        if has_body(scope):
            await self._answer_with_body(environ, get_announced_bytes(scope), receive, send)
        else:
            await self._respond(environ, await self._call(environ), receive, send)

    async def _answer_with_body(
        self, environ: Environ, announced_bytes: int | None, receive: Receive, send: Send
    ) -> None:
        """Answer a request once its body has arrived, or was refused."""
        network = find_network(environ, trusted_proxies=self._trusted_proxies)
        block = find_network_block(environ, trusted_proxies=self._trusted_proxies)
        buffered = buffer_body(block=block, announced_bytes=announced_bytes, disk=self._disk)
        with buffered as body:
            response = await self._receive_and_call(body, network, environ, receive)
            if not body.is_complete:
                body.discard()
            await self._respond(environ, response, receive, send)
            if not body.is_complete and environ.get(BODY_REFUSAL) != TOO_SLOW:
                await self._linger(network, receive)

    async def _linger(self, network: str, receive: Receive) -> None:
        """Read what still arrives of an unwanted body, unless its network has too many arriving."""
        with suppress(BudgetExceeded), self._senders.hold(network, 1):
            await linger(receive)

    async def _receive_and_call(
        self, body: RequestBody, network: str, environ: Environ, receive: Receive
    ) -> WSGIResponse:
        """Return the application's answer to a request, or to the refusal of its body."""
        try:
            with self._senders.hold(network, 1):
                if answer := await self._body_receiver.receive(body, environ, receive):
                    return answer
        except BodyRefused as refusal:
            return await self._refuse(environ, refusal.status)
        except BudgetExceeded:
            return await self._refuse(environ, TOO_MANY)
        except BodyIncomplete:
            # No page and no thread for it: mostly nobody is there to read the answer.
            return build_plain_response(400, b"Bad Request")
        body.file.seek(0)
        return await self._call(environ | {"CONTENT_LENGTH": str(body.size), "wsgi.input": body.file})

    async def _respond(self, environ: Environ, response: WSGIResponse, receive: Receive, send: Send) -> None:
        """Send a response, or say that there is no room to keep it while it is sent."""
        method, held_bytes = environ["REQUEST_METHOD"], count_held_bytes(response)
        block = find_network_block(environ, trusted_proxies=self._trusted_proxies) if held_bytes else ""
        try:
            with self._downloads.hold(block, held_bytes):
                await send_response(response, method, receive, send)
        except BudgetExceeded:
            refusal = await self._refuse(environ, NO_ROOM)
            await send_response(refusal, method, receive, send)
        finally:
            if response.close:
                self._pool.submit(response.close)

    async def _refuse(self, environ: Environ, status: int) -> WSGIResponse:
        """Return the application's page for a refused request."""
        COUNTERS[status].inc()
        environ[BODY_REFUSAL] = status
        return await self._call(environ)

    async def _call(self, environ: Environ) -> WSGIResponse:
        return await self._pool.submit(call_application, self._application, environ)
