"""Tests that processes stop with their children and nobody else's, and that the supervisor restarts programs."""

import os
import re
import signal
import sys
import time

import psutil
import pytest

from config.local.child_processes import ChildProcess, stop_leftovers
from config.local.demo_programs import DemoProgram
from config.local.errors import CommandError
from config.local.state_dir import StateDir
from config.local.supervisor import Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
FAMILY = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {!r}]); time.sleep(60)"


@pytest.fixture
def state_dir(tmp_path) -> StateDir:
    """An empty home."""
    return StateDir(tmp_path / "home")


@pytest.fixture
def running_process(state_dir):
    """A process of ours, ended with the test."""
    process = ChildProcess("sleeper", state_dir, stop_timeout=1)
    yield process
    process.kill()


def wait_until(condition, seconds=100):
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_started_process_is_stopped(running_process):
    running_process.start(SLEEP)
    assert running_process.is_running()

    running_process.stop()

    assert not running_process.is_running()


def test_processes_that_ignore_the_signal_are_killed_with_their_children(state_dir, running_process):
    running_process.start([sys.executable, "-c", FAMILY.format(STUBBORN)])
    wait_until(lambda: "up" in running_process.log.read_text())
    (child,) = psutil.Process(running_process.pid).children()

    running_process.stop()

    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_the_next_run_stops_the_processes_of_a_killed_run(state_dir, running_process):
    running_process.start(SLEEP)
    left = psutil.Process(running_process.pid)

    stop_leftovers(StateDir(state_dir.path))

    assert running_process.exit_code() is not None
    assert not left.is_running()
    assert not list((state_dir.path / "run").iterdir())


def test_a_process_with_a_recycled_id_is_not_stopped(state_dir, running_process):
    running_process.start(SLEEP)
    state_dir.write_json(
        "run/old.json", [running_process.pid, psutil.Process(running_process.pid).create_time() - 3600, signal.SIGKILL]
    )
    (state_dir.path / "run" / "sleeper.json").unlink()

    stop_leftovers(state_dir)

    assert running_process.is_running()


def test_a_crashed_program_is_restarted_and_reported(state_dir, capsys):
    supervisor = Supervisor([DemoProgram("sleeper", tuple(SLEEP))], state_dir, os.environ)
    supervisor.start()
    (child,) = supervisor.children
    try:
        os.kill(child.process.pid, signal.SIGKILL)
        wait_until(lambda: child.process.exit_code() is not None)
        supervisor.check_programs()

        assert child.process.is_running()
        assert "sleeper stopped (killed by signal 9)" in capsys.readouterr().out
    finally:
        supervisor.stop()


def test_the_restart_delay_grows_with_each_crash(state_dir, capsys):
    supervisor = Supervisor(
        [DemoProgram("broken", (sys.executable, "-c", "raise SystemExit('no key')"))], state_dir, os.environ
    )
    supervisor.start()
    (child,) = supervisor.children
    for _ in range(3):
        wait_until(lambda: child.process.exit_code() is not None)
        supervisor.check_programs()
        child.restart_at = 0
        supervisor.check_programs()

    supervisor.stop()
    assert re.findall(r"starts again (.*)\.", capsys.readouterr().out) == ["now", "in 1 s", "in 3 s"]


def test_a_program_that_fails_to_start_aborts_with_its_last_log_line(state_dir):
    supervisor = Supervisor(
        [DemoProgram("broken", (sys.executable, "-c", "raise SystemExit('no key')"))], state_dir, os.environ
    )
    supervisor.start()
    wait_until(lambda: supervisor.children[0].process.exit_code() is not None)

    with pytest.raises(CommandError, match="broken does not start: no key"):
        supervisor.require_all_running()
    supervisor.stop()


def test_warnings_are_printed_and_other_lines_stay_in_the_log(state_dir, capsys):
    script = "print('all is well'); print('2026-11-22 [warning  ] the queue is away')"
    program = DemoProgram("talker", (sys.executable, "-uc", f"{script}; import time; time.sleep(60)"))
    supervisor = Supervisor([program], state_dir, os.environ)
    supervisor.start()
    try:
        wait_until(lambda: "away" in supervisor.children[0].process.log.read_text())
        supervisor.check_programs()

        output = capsys.readouterr().out
        assert "talker: 2026-11-22 [warning  ] the queue is away" in output
        assert "all is well" not in output
    finally:
        supervisor.stop()
