"""The programs that make up a running Portico, with the command of each."""

import sys
from dataclasses import dataclass

PYTHON = sys.executable


@dataclass(frozen=True)
class DemoProgram:
    """One program the demo runs: its name, and the command that starts it."""

    name: str
    command: tuple[str, ...]


def list_demo_programs(port: int) -> list[DemoProgram]:
    """Return every program of the demo, the web server first so that it comes up first.

    Codes have two masters: a killed child stops its whole dramatiq master, and codes can't wait.
    """
    return [
        DemoProgram("web", _build_web_command(port)),
        DemoProgram("codes-1", _build_worker_command("codes", threads=4)),
        DemoProgram("codes-2", _build_worker_command("codes", threads=4)),
        DemoProgram("notices", _build_worker_command("notices", threads=2)),
        DemoProgram("bulk", _build_worker_command("bulk", threads=2)),
        DemoProgram("webhooks", _build_manage_command("send_webhooks")),
        DemoProgram("sweep", _build_manage_command("sweep")),
        DemoProgram("schedule", _build_manage_command("schedule")),
        DemoProgram("metrics", _build_manage_command("metrics")),
    ]


def _build_web_command(port: int) -> tuple[str, ...]:
    return (PYTHON, "-m", "config.web_server", "--port", str(port), "--stop-timeout", "5", "config.wsgi:application")


def _build_worker_command(queue: str, *, threads: int) -> tuple[str, ...]:
    size = ("--processes", "1", "--threads", str(threads), "--worker-shutdown-timeout", "6000")
    return (PYTHON, "-m", "dramatiq", "workers.main", "--queues", queue, *size)


def _build_manage_command(command: str) -> tuple[str, ...]:
    return (PYTHON, "manage.py", command)
