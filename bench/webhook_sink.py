"""A receiver of webhooks over TLS on loopback, in a process of its own, whose CPU is not counted."""

import signal
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from bench import measured_programs
from config.local.ports import find_free_port


class Handler(BaseHTTPRequestHandler):
    """Reads a webhook and accepts it."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        """Answer 204."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Log nothing."""


class TlsServer(ThreadingHTTPServer):
    """A server whose handshakes happen in the threads of the requests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, context: ssl.SSLContext):
        super().__init__(("127.0.0.1", port), Handler)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Encrypt the connection, then handle what comes."""
        with suppress(OSError), self._context.wrap_socket(request, server_side=True) as encrypted:
            socketserver.BaseServer.finish_request(self, encrypted, client_address)


@contextmanager
def run_sink_process() -> Iterator[tuple[str, dict[str, str]]]:
    """Run a sink while the block lasts; yield its URL, and the variables by which a program trusts it."""
    port, authority = find_free_port(), measured_programs.home.subdirectory("tls") / "webhook-authority.pem"
    authority.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.webhook_sink", str(port), str(authority)]
    with measured_programs.run_process(command, measured_programs.build_environment_variables()):
        while not authority.exists():
            time.sleep(0.05)
        yield f"https://localhost:{port}/hook", {"SSL_CERT_FILE": str(authority)}


def main(port: int, authority_file: Path) -> None:
    """Listen until stopped. The file of the certificate authority is written last."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    threading.Thread(target=TlsServer(port, context).serve_forever, daemon=True).start()
    draft = authority_file.with_suffix(".draft")
    authority.cert_pem.write_to_path(str(draft))
    draft.rename(authority_file)
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
