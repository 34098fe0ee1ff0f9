"""Which PostgreSQL and Redis does this run use: those the environment names, or our own?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local import ramdisk
from config.local.home import Home
from config.local.postgres import Postgres
from config.local.processes import clear_leftovers
from config.local.redis_server import Redis


class Services:
    """The servers that this run had to bring along."""

    def __init__(self, home: Home, *, durable: bool = True, directory: Path | None = None) -> None:
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(home, durable=durable, directory=directory)
        self.redis = None if os.environ.get("REDIS_URL") else Redis(home)
        self._look_again_at = 0.0

    @property
    def ours(self) -> list[Postgres | Redis]:
        """Those that we start and stop."""
        return [server for server in (self.postgres, self.redis) if server]

    @property
    def env(self) -> dict[str, str]:
        """The addresses, as the settings read them."""
        database = self.postgres.url if self.postgres else os.environ["DATABASE_URL"]
        redis = self.redis.url if self.redis else os.environ["REDIS_URL"]
        return {"DATABASE_URL": database, "REDIS_URL": redis, "BROKER_URL": os.environ.get("BROKER_URL") or redis}

    def start(self) -> None:
        """Start ours side by side and wait until they answer."""
        for server in self.ours:
            server.start()
        for server in self.ours:
            server.wait()

    def revive(self, now: float) -> list[str]:
        """Start again, at the same address, what ended by itself, at most once a second; return its names."""
        fallen = [server for server in self.ours if not server.process.running()]
        if not fallen or now < self._look_again_at:
            return []
        self._look_again_at = now + 1
        for server in fallen:
            server.process.wait(now)  # Nothing of it may be left that holds its port or data.
            server.start()
        return [server.process.name for server in fallen]

    def stop(self) -> None:
        """Stop ours, the last started first."""
        for server in reversed(self.ours):
            server.stop()


@contextmanager
def running(home: Home) -> Iterator[Services]:
    """Have the services for as long as the block lasts. The home must be locked."""
    clear_leftovers(home)
    with _started(Services(home)) as services:
        yield services


@contextmanager
def running_for_tests(home: Home) -> Iterator[Services]:
    """Have the services likewise, with a database that starts empty and is removed afterwards, in memory where there is space."""
    clear_leftovers(home)
    with (
        ramdisk.ramdisk_directory(home) as directory,
        _started(Services(home, durable=False, directory=directory)) as services,
    ):
        yield services


@contextmanager
def _started(services: Services) -> Iterator[Services]:
    try:
        services.start()
        yield services
    finally:
        services.stop()
