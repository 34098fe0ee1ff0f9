"""A receiver of webhooks on loopback, whose answers a test scripts."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class ReceivedWebhook:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        """The id by which a receiver tells repeats."""
        return self.headers["webhook-id"]


class WebhookSink:
    """A web server that keeps what it receives while the `with` block lasts.

    `answer` is called with each request and returns a status, or a function that writes to the connection itself.
    """

    def __init__(self) -> None:
        self.received: list[ReceivedWebhook] = []
        self.answer: Callable[[ReceivedWebhook], int | Callable[[Any], None]] = lambda request: 200
        self.stop = threading.Event()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(size)
                # A sender that was killed meanwhile sends less.
                if len(body) == size:
                    sink.handle_request(self, ReceivedWebhook(self.path, headers, body))

            def log_message(self, *_args: Any) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> "WebhookSink":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The URL of an endpoint at it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook?a=1"

    @property
    def event_ids(self) -> list[str]:
        """The ids of all requests in the order of arrival."""
        return [request.event_id for request in self.received]

    def handle_request(self, handler: BaseHTTPRequestHandler, request: ReceivedWebhook) -> None:
        """Keep a request and answer as scripted."""
        self.received.append(request)
        reply = self.answer(request)
        with suppress(OSError):
            if callable(reply):
                handler.close_connection = True
                reply(handler.wfile)
            else:
                handler.send_response(reply)
                handler.send_header("Location", "http://127.0.0.1:1/elsewhere")
                handler.send_header("Content-Length", "4")
                handler.end_headers()
                handler.wfile.write(b"fine")
