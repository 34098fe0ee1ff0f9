"""The base class of the fake servers."""

import socket
import ssl
import threading
from contextlib import suppress

from config.local.ports import find_free_port
from tests.fakes.provider_faults import FaultScript


class FakeSocketServer:
    """Listens on a free port of loopback while the `with` block lasts; one thread a connection.

    `script.set_faults(…)` sets its faults. `requests` has all requests, `accepted` those it
    accepted. `stop_listening()` refuses connections and `listen()` starts again at the same
    port.
    """

    scheme = "http"

    def __init__(self, *, tls: ssl.SSLContext | None = None):
        self.script = FaultScript()
        self.requests: list[dict] = []
        self.accepted: list[dict] = []
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._stopping = threading.Event()
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_exc) -> None:
        self._stopping.set()
        self.stop_listening()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"{self.scheme}{'s' if self._tls else ''}://{'localhost' if self._tls else '127.0.0.1'}:{self.port}"

    def listen(self) -> None:
        """Listen, at the same port as before if there was one."""
        self.port = self.port or find_free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept_connections, args=(self._listener,), daemon=True).start()

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the server runs."""
        self._stopping.wait(seconds)

    def serve_connection(self, connection: socket.socket) -> None:
        """Serve one connection until either side closes it."""
        raise NotImplementedError

    def _accept_connections(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._run_connection, args=(connection,), daemon=True).start()

    def _run_connection(self, connection: socket.socket) -> None:
        self._open.add(connection)
        try:
            with suppress(OSError, EOFError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.serve_connection(self._tls.wrap_socket(connection, server_side=True) if self._tls else connection)
        finally:
            self._open.discard(connection)
            connection.close()
