"""On which servers, data and settings does everything run? On the same ones, whoever is measured."""

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

from config.local.home import PROJECT, Home
from config.local.ports import free_port
from config.local.processes import Process
from config.local.programs import of_the_demo

READY_WITHIN = 60

home = Home(Path(os.environ.get("PORTICO_HOME", PROJECT / ".portico" / "bench")))
_server = os.environ["DATABASE_URL"]
_numbers = count()


def fresh_database(name: str) -> str:
    """Make an empty database, whatever was left of one, and return its address."""
    drop_database(name)
    with psycopg.connect(_server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(_server)._replace(path=f"/{name}").geturl()


def drop_database(name: str) -> None:
    """Forget a database, whoever still uses it."""
    with psycopg.connect(_server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(**more: str) -> dict[str, str]:
    """Return the settings of a program that is measured: the demo's, logs and metrics included."""
    return (
        os.environ
        | {"LOG_LEVEL": "info", "LOG_FORMAT": "json", "PROMETHEUS_MULTIPROC_DIR": str(home.room("metrics"))}
        | more
    )


def python(env: Mapping[str, str], *words: str, told: str = "") -> str:
    """Run a module to its end with a program's settings; tell it something, and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", *words], env=env, cwd=PROJECT, check=True, input=told, text=True, stdout=subprocess.PIPE
    )
    return done.stdout


@contextmanager
def serving(application: str, env: Mapping[str, str]) -> Iterator[tuple[Process, int]]:
    """Serve a WSGI application with the demo's granian settings, all but the name; yield server and port."""
    port = free_port()
    *command, _ours = _command("web", port)
    with running([*command, application], env) as server:
        _wait_until_it_answers(server, port)
        yield server, port


@contextmanager
def working(*names: str, env: Mapping[str, str]) -> Iterator[list[Process]]:
    """Run programs of the demo, by their names: codes-1, notices, sweep …"""
    if not names:
        yield []
        return
    first, *rest = names
    with running(_command(first), env) as process, working(*rest, env=env) as others:
        yield [process, *others]


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str]) -> Iterator[Process]:
    """Run a program for as long as the block lasts; its output goes to a log in the home."""
    process = Process(f"bench-{next(_numbers)}", home)
    process.start(command, env=env, cwd=PROJECT)
    try:
        yield process
    finally:
        process.stop()


def cpu_of(program: Process) -> float:
    """Return the seconds of CPU a program and its children have had."""
    master = psutil.Process(program.pid)
    return sum(sum(process.cpu_times()[:2]) for process in [master, *master.children(recursive=True)])


def _command(name: str, port: int = 0) -> list[str]:
    return next(list(program.command) for program in of_the_demo(port) if program.name == name)


def _wait_until_it_answers(server: Process, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(port):
        if not server.running() or time.monotonic() > deadline:
            raise RuntimeError(f"The server does not come up: {server.last_words()} ({server.log} has the rest)")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz", headers={"Host": "localhost"})
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
