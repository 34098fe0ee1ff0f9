"""A RabbitMQ server of the run's own, for the tests that use it as the broker."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from config.local import debian_packages
from config.local.child_processes import ChildProcess
from config.local.errors import CommandError
from config.local.ports import find_free_port
from config.local.state_dir import StateDir


class RabbitMQServer:
    """One node on loopback ports of its own, beside any the machine runs."""

    def __init__(self, state_dir: StateDir, binary: Path) -> None:
        self.directory = state_dir.subdirectory("rabbitmq")
        self.binary = binary
        self.port = find_free_port()
        self.epmd_port = str(find_free_port())
        self.epmd = ChildProcess("rabbitmq-names", state_dir)
        self.process = ChildProcess("rabbitmq", state_dir, stop_with=signal.SIGTERM, stop_timeout=15)

    @property
    def connection_url(self) -> str:
        """The address for BROKER_URL; the user guest is let in from this machine alone."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    def start(self) -> None:
        """Start Erlang's name server and the node, without waiting for them."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(mode=0o700)
        env = os.environ | self._build_rabbitmq_env()
        self.epmd.start([shutil.which("epmd") or "epmd", "-port", self.epmd_port], env=env)
        self.process.start([self.binary], env=env, cwd=self.directory)

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the node answers. Raises CommandError on timeout."""
        deadline = time.monotonic() + seconds
        while not self._is_responding():
            if not self.process.is_running() or time.monotonic() > deadline:
                raise CommandError(f"RabbitMQ did not start: {self.process.last_log_line()} (see {self.process.log})")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the node, then the name server."""
        self.process.stop()
        self.epmd.stop()

    def _build_rabbitmq_env(self) -> dict[str, str]:
        directory = str(self.directory)
        node = {
            "NODENAME": f"portico{self.port}@localhost",
            "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": str(self.port),
        }
        node |= {
            "DIST_PORT": str(find_free_port()),
            "MNESIA_BASE": directory,
            "LOG_BASE": directory,
            "CONFIG_FILE": f"{directory}/none",
        }
        node |= {
            "ENABLED_PLUGINS_FILE": f"{directory}/plugins",
            "PID_FILE": f"{directory}/pid",
            "CONF_ENV_FILE": f"{directory}/env",
        }
        erlang = {"ERL_EPMD_PORT": self.epmd_port, "ERL_EPMD_ADDRESS": "127.0.0.1", "HOME": directory}
        return {f"RABBITMQ_{name}": value for name, value in node.items()} | erlang

    def _is_responding(self) -> bool:
        """Tell whether the node answers the AMQP protocol header."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False


def find_or_install_rabbitmq(state_dir: StateDir, env: Mapping[str, str]) -> RabbitMQServer | str:
    """Return a server to test against, installed where root may; else the reason why there is none."""
    if not _find_binary() and debian_packages.can_install_debian_packages():
        try:
            debian_packages.install_debian_packages(state_dir, env, "rabbitmq-server")
        except CommandError as error:
            return str(error)
    binary = _find_binary()
    return RabbitMQServer(state_dir, binary) if binary else "RabbitMQ is not installed, and only root may install it."


def _find_binary() -> Path | None:
    """Debian's /usr/sbin/rabbitmq-server insists on a user and places of its own; the script behind it does not."""
    behind = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    found = behind[-1] if behind else shutil.which("rabbitmq-server")
    return Path(found) if found and shutil.which("epmd") else None
