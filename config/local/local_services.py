"""The PostgreSQL and Redis of a run: those that the environment names, or servers of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local import ramdisk
from config.local.child_processes import stop_leftovers
from config.local.postgres import PostgresServer
from config.local.redis_server import RedisServer
from config.local.state_dir import StateDir


class LocalServices:
    """The PostgreSQL and Redis servers of one run, of which it starts those that the environment does not name."""

    def __init__(self, state_dir: StateDir, *, durable: bool = True, directory: Path | None = None) -> None:
        self.postgres = (
            None if os.environ.get("DATABASE_URL") else PostgresServer(state_dir, durable=durable, directory=directory)
        )
        self.redis = None if os.environ.get("REDIS_URL") else RedisServer(state_dir)
        self._next_check_at = 0.0

    @property
    def started_servers(self) -> list[PostgresServer | RedisServer]:
        """Those that we start and stop."""
        return [server for server in (self.postgres, self.redis) if server]

    @property
    def server_urls(self) -> dict[str, str]:
        """The addresses, as the settings read them."""
        database = self.postgres.connection_url if self.postgres else os.environ["DATABASE_URL"]
        redis = self.redis.connection_url if self.redis else os.environ["REDIS_URL"]
        return {"DATABASE_URL": database, "REDIS_URL": redis, "BROKER_URL": os.environ.get("BROKER_URL") or redis}

    def start(self) -> None:
        """Start ours side by side and wait until they answer."""
        for server in self.started_servers:
            server.start()
        for server in self.started_servers:
            server.wait_until_ready()

    def restart_stopped(self, now: float) -> list[str]:
        """Restart servers that ended by themselves, at the same address, at most once a second; return their names."""
        stopped = [server for server in self.started_servers if not server.process.is_running()]
        if not stopped or now < self._next_check_at:
            return []
        self._next_check_at = now + 1
        for server in stopped:
            server.process.wait_or_kill(now)  # No process of it may still hold its port or data.
            server.start()
        return [server.process.name for server in stopped]

    def stop(self) -> None:
        """Stop ours, the last started first."""
        for server in reversed(self.started_servers):
            server.stop()


@contextmanager
def running_services(state_dir: StateDir) -> Iterator[LocalServices]:
    """Run the services during the block. The state directory must be locked."""
    stop_leftovers(state_dir)
    with _run_services(LocalServices(state_dir)) as services:
        yield services


@contextmanager
def running_test_services(state_dir: StateDir) -> Iterator[LocalServices]:
    """Run the services during the block, with an empty database, in memory where there is space, removed afterwards."""
    stop_leftovers(state_dir)
    with (
        ramdisk.ramdisk_directory(state_dir) as directory,
        _run_services(LocalServices(state_dir, durable=False, directory=directory)) as services,
    ):
        yield services


@contextmanager
def _run_services(services: LocalServices) -> Iterator[LocalServices]:
    try:
        services.start()
        yield services
    finally:
        services.stop()
