"""Runs requests through a buffered application without a web server."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from config.buffering.application import BufferedApplication, BufferSettings
from config.buffering.body_receiver import BodyTimeouts

Message = dict[str, Any]
NEVER = "never"


@dataclass
class HttpExchange:
    """One request and what the application sent in answer to it."""

    method: str = "GET"
    path: bytes = b"/"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunks: Iterable[bytes | str] = ()
    sent: list[Message] = field(default_factory=list)
    is_answered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._arriving = iter(self.chunks)
        self._next = next(self._arriving, None)

    @property
    def scope(self) -> Message:
        """What the web server says about the request."""
        return {
            "type": "http",
            "method": self.method,
            "scheme": "http",
            "http_version": "1.1",
            "raw_path": self.path,
            "query_string": b"",
            "headers": self.headers,
            "client": ("198.51.100.7", "50000"),
            "server": None,
        }

    async def receive(self) -> Message:
        """Return the next chunk of the body; wait for ever where NEVER stands."""
        chunk, self._next = self._next, next(self._arriving, None)
        if chunk == NEVER:
            await asyncio.Event().wait()
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": self._next is not None}

    async def send(self, message: Message) -> None:
        """Take what the application sends."""
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.is_answered.set()

    @property
    def status(self) -> int | None:
        """The status of the answer, or None if there was none."""
        return self.sent[0]["status"] if self.sent else None

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return b"".join(message["body"] for message in self.sent[1:])


@pytest.fixture
def run_http_exchange() -> Callable[..., HttpExchange]:
    """Return a function that lets a WSGI application answer one request through the buffer."""

    def run_http_exchange(
        application,
        exchange: HttpExchange,
        *,
        body_timeout: float = 60,
        bodies_per_network: int = 5,
        beside: HttpExchange | None = None,
    ) -> HttpExchange:
        """Run an exchange, if there is one `beside` it from when that was answered."""

        async def answer() -> None:
            settings = BufferSettings(
                threads=1,
                body_timeouts=BodyTimeouts(ordinary=body_timeout, upload=60),
                bodies_per_network=bodies_per_network,
                stall_timeout=60,
                min_rate=1,
                trusted_proxies=0,
            )
            buffered = BufferedApplication(application, settings)
            if beside:
                task = asyncio.ensure_future(buffered(beside.scope, beside.receive, beside.send))
                await beside.is_answered.wait()
            await buffered(exchange.scope, exchange.receive, exchange.send)
            if beside:
                task.cancel()

        asyncio.run(answer())
        return exchange

    return run_http_exchange
