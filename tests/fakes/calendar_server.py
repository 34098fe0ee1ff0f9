"""A server of calendar files on loopback, whose answers a test scripts."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


class CalendarServer:
    """A web server that keeps what it is asked while the `with` block lasts.

    `answer` is called with the path and the headers of each request, in lower case, and returns status, headers and
    body, or a function that writes to the connection itself.
    """

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[str, dict[str, str]], Reply | Callable[[Any], None]] = lambda path, headers: (
            404,
            {},
            b"",
        )
        self.stop = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.received.append((self.path, headers))
                server.handle_request(self, server.answer(self.path, headers))

            def log_message(self, *_args: Any) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> "CalendarServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        """The beginning of all its addresses."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, body: bytes, **headers: str) -> None:
        """Answer every request with a file; underscores of header names stand for hyphens."""
        self.answer = lambda path, sent: (200, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def handle_request(self, handler: BaseHTTPRequestHandler, reply: Reply | Callable[[Any], None]) -> None:
        """Answer as scripted."""
        handler.close_connection = True
        with suppress(OSError):
            if callable(reply):
                reply(handler.wfile)
                return
            status, headers, body = reply
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
