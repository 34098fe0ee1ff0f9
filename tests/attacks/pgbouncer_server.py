"""Runs a real PgBouncer in front of the tests' PostgreSQL."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from config.local import debian_packages
from config.local.errors import CommandError
from config.local.ports import find_free_port
from config.local.state_dir import StateDir

SETTINGS = """
[databases]
* = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
server_round_robin = {in_turn:d}
ignore_startup_parameters = extra_float_digits,options
{switch_user}
"""


def find_binary() -> str | None:
    """Return where PgBouncer is, installed from Debian where root may; None where there is none to be had."""
    with Path(tempfile.gettempdir(), "portico-pgbouncer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _find_binary() and debian_packages.can_install_debian_packages():
            try:
                debian_packages.install_debian_packages(StateDir.from_environment(), os.environ, "pgbouncer")
            except CommandError:
                return None
    return _find_binary()


@contextmanager
def run_pgbouncer(folder: Path, *, mode: str, size: int = 2, in_turn: bool = False) -> Iterator[int]:
    """Run a pooler before the tests' PostgreSQL until the block ends; gives its port."""
    known, port = connection.settings_dict, find_free_port()
    server = " ".join(
        f"{name}={known[name.upper()]}" for name in ("host", "port", "user", "password") if known[name.upper()]
    )
    switch_user = "" if os.geteuid() else "user = nobody"
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(own_port=port, mode=mode, size=size, in_turn=in_turn, switch_user=switch_user, server=server)
    )
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([str(_find_binary()), str(settings)], stdout=log, stderr=log) as pooler,
    ):
        try:
            _wait_for(pooler, port, folder / "log")
            yield port
        finally:
            pooler.kill()


def _find_binary() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def _wait_for(pooler: subprocess.Popen, port: int, log: Path) -> None:
    parameters = connection.get_connection_params() | {"host": "127.0.0.1", "port": port, "connect_timeout": 30}
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and pooler.poll() is None:
        try:
            psycopg.connect(**parameters).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"PgBouncer didn't start:\n{log.read_text()[-2_000:]}")
