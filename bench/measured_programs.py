"""Databases, environment variables and processes of the programs that are measured, the same for both sides."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg import sql

from config.local.child_processes import ChildProcess
from config.local.demo_programs import list_demo_programs
from config.local.ports import find_free_port
from config.local.state_dir import PROJECT_ROOT, StateDir

STARTUP_TIMEOUT = 60

home = StateDir(Path(os.environ.get("PORTICO_HOME", PROJECT_ROOT / ".portico" / "bench")))
_server = os.environ["DATABASE_URL"]
_process_numbers = count()


def fresh_database(name: str) -> str:
    """Create an empty database, dropping one of that name first, and return its URL."""
    drop_database(name)
    with psycopg.connect(_server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(_server)._replace(path=f"/{name}").geturl()


def drop_database(name: str) -> None:
    """Drop a database, even while it is in use."""
    with psycopg.connect(_server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def build_environment_variables(**more: str) -> dict[str, str]:
    """Return the environment variables of a program that is measured: the demo's, with logs and metrics."""
    return (
        os.environ
        | {"LOG_LEVEL": "info", "LOG_FORMAT": "json", "PROMETHEUS_MULTIPROC_DIR": str(home.subdirectory("metrics"))}
        | more
    )


def run_module(env: Mapping[str, str], *arguments: str, stdin: str = "") -> str:
    """Run a Python module to its end and return its output."""
    completed = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=env,
        cwd=PROJECT_ROOT,
        check=True,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
    )
    return completed.stdout


@contextmanager
def run_server(application: str, env: Mapping[str, str]) -> Iterator[tuple[ChildProcess, int]]:
    """Serve a WSGI application with the demo's web server settings; yield the server and its port."""
    port = find_free_port()
    *command, _application = _build_command("web", port)
    with run_process([*command, application], env) as server:
        _wait_until_ready(server, port)
        yield server, port


@contextmanager
def run_workers(*names: str, env: Mapping[str, str]) -> Iterator[list[ChildProcess]]:
    """Run programs of the demo by name (codes-1, notices, sweep …) while the block lasts."""
    if not names:
        yield []
        return
    first, *rest = names
    with run_process(_build_command(first), env) as process, run_workers(*rest, env=env) as others:
        yield [process, *others]


@contextmanager
def run_process(command: Sequence[str], env: Mapping[str, str]) -> Iterator[ChildProcess]:
    """Run a program while the block lasts; its output goes to a log file in the state directory."""
    process = ChildProcess(f"bench-{next(_process_numbers)}", home)
    process.start(command, env=env, cwd=PROJECT_ROOT)
    try:
        yield process
    finally:
        process.stop()


def cpu_seconds(program: ChildProcess) -> float:
    """Return the CPU seconds that a program and its children have used."""
    master = psutil.Process(program.pid)
    return sum(sum(process.cpu_times()[:2]) for process in [master, *master.children(recursive=True)])


def _build_command(name: str, port: int = 0) -> list[str]:
    return next(list(program.command) for program in list_demo_programs(port) if program.name == name)


def _wait_until_ready(server: ChildProcess, port: int) -> None:
    deadline = time.monotonic() + STARTUP_TIMEOUT
    while not _is_ready(port):
        if not server.is_running() or time.monotonic() > deadline:
            raise RuntimeError(f"The server does not come up: {server.last_log_line()} ({server.log} has the rest)")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
