"""The programs of a whole Portico, run by a test that may kill any of them.

The programs are those of the demo, each in a process group of its own, with the PostgreSQL and
Redis of the test. Nothing but what was started here is ever stopped or killed.
"""

import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psutil
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from config.local.child_processes import ChildProcess
from config.local.demo_programs import list_demo_programs
from config.local.ports import find_free_port
from config.local.state_dir import PROJECT_ROOT, StateDir

# When to stop waiting. It says nothing about Portico: a busy machine takes its time for anything.
TIMEOUT_SECONDS = 300

Found = TypeVar("Found")


def wait_until(condition: Callable[[], Found], *, what: str) -> Found:
    """Wait for a condition and return its value; fail with `what` when it never comes true."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not (result := condition()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)
    return result


class ProcessCluster:
    """The programs of one Portico. Tests may add to `env`, their environment, before they start one."""

    def __init__(self, home: StateDir, env: dict[str, str]) -> None:
        self.home = home
        self.port = find_free_port()
        self.env = env
        self._programs = {program.name: program.command for program in list_demo_programs(self.port)}
        self._running: dict[str, ChildProcess] = {}
        self._log_offsets: dict[str, int] = {}

    def start(self, *names: str) -> None:
        """Start programs of the demo, in parallel, and wait until each is ready."""
        for name in names:
            self.start_program(name, *self._programs[name])
        for name in names:
            self._wait_for(name)

    @contextmanager
    def running(self, *names: str) -> Iterator[None]:
        """Run programs while the `with` block lasts."""
        try:
            self.start(*names)
            yield
        finally:
            for name in self._running.keys() & set(names):
                self.kill(name)

    def start_program(self, name: str, *command: str, **env: str) -> ChildProcess:
        """Start any program as a part of the cluster, with settings of its own."""
        process = ChildProcess(name, self.home)
        self._log_offsets[name] = process.log.stat().st_size if process.log.exists() else 0
        process.start(command, env=self.env | env, cwd=PROJECT_ROOT)
        self._running[name] = process
        return process

    def run_web(self, application: str, **env: str) -> None:
        """Start the demo's web server with another application in it."""
        *command, _application = self._programs["web"]
        self.start_program("web", *command, application, **env)
        self._wait_for("web")

    def run_module(self, name: str, module: str, **env: str) -> ChildProcess:
        """Start a Python module as a part of the cluster."""
        return self.start_program(name, sys.executable, "-m", module, **env)

    def kill(self, name: str) -> None:
        """SIGKILL a program and all its children."""
        self._running.pop(name).wait_or_kill(time.monotonic())

    def kill_worker(self, name: str) -> None:
        """SIGKILL the worker process of a dramatiq master, and nothing else."""
        master = psutil.Process(self._running[name].pid)
        worker = max(master.children(), key=lambda child: child.memory_info().rss)
        worker.kill()

    def send_signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a program and all its children."""
        os.killpg(self._running[name].pid, number)

    def request_stop(self, name: str) -> None:
        """SIGTERM a program, as Kubernetes does, and return at once."""
        self._running[name].request_stop()

    def is_running(self, name: str) -> bool:
        """Return whether a program is still running."""
        return self._running[name].is_running()

    def exit_code(self, name: str) -> int | None:
        """How a program ended; None while it runs."""
        return self._running[name].exit_code()

    def read_metric(self, name: str, **labels: str) -> float:
        """Return the value of a metric as Prometheus would read it; 0 if it was never counted."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=self.env["PROMETHEUS_MULTIPROC_DIR"])
        return registry.get_sample_value(name, labels) or 0.0

    def get_page(self, path: str, host: str = "localhost") -> tuple[int, str]:
        """Request a page and return status and body; status 0 when the server is unreachable."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop everything, and show the end of every log for whoever looks into a failure."""
        for process in self._running.values():
            process.wait_or_kill(time.monotonic())
        for log in sorted((self.home.path / "logs").glob("*.log")):
            sys.stdout.write(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}\n")

    def _wait_for(self, name: str) -> None:
        wait_until(lambda: self._is_ready(name) or not self.is_running(name), what=f"{name} at work")
        assert self.is_running(name), self._running[name].last_log_line()

    def _is_ready(self, name: str) -> bool:
        if name == "web":
            return self.get_page("/readyz")[0] == 200
        if name in ("sweep", "webhooks"):
            # They say nothing, but the first round opens a connection to PostgreSQL.
            return bool(psutil.Process(self._running[name].pid).net_connections(kind="tcp"))
        return "is ready for action" in self._read_log(name)

    def _read_log(self, name: str) -> str:
        with self._running[name].log.open(errors="replace") as log:
            log.seek(self._log_offsets[name])
            return log.read()
