"""Tests that processes stop with their children and nobody else's, and that the supervisor restarts programs."""

import os
import re
import signal
import sys
import time

import psutil
import pytest

from config.local.errors import CommandError
from config.local.processes import Process, stop_leftovers
from config.local.programs import Program
from config.local.state_dir import StateDir
from config.local.supervisor import Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
FAMILY = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {!r}]); time.sleep(60)"


@pytest.fixture
def home(tmp_path) -> StateDir:
    """An empty home."""
    return StateDir(tmp_path / "home")


@pytest.fixture
def process(home):
    """A process of ours, ended with the test."""
    process = Process("sleeper", home, stop_timeout=1)
    yield process
    process.kill()


def until(condition, seconds=100):
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_started_is_stopped_politely(process):
    process.start(SLEEP)
    assert process.is_running()

    process.stop()

    assert not process.is_running()


def test_the_stubborn_are_killed_with_their_children(home, process):
    process.start([sys.executable, "-c", FAMILY.format(STUBBORN)])
    until(lambda: "up" in process.log.read_text())
    (child,) = psutil.Process(process.pid).children()

    process.stop()

    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_what_a_killed_run_left_is_cleared_by_the_next(home, process):
    process.start(SLEEP)
    left = psutil.Process(process.pid)

    stop_leftovers(StateDir(home.path))

    assert process.exit_code() is not None
    assert not left.is_running()
    assert not list((home.path / "run").iterdir())


def test_a_recycled_process_id_is_left_alone(home, process):
    process.start(SLEEP)
    home.write_json("run/old.json", [process.pid, psutil.Process(process.pid).create_time() - 3600, signal.SIGKILL])
    (home.path / "run" / "sleeper.json").unlink()

    stop_leftovers(home)

    assert process.is_running()


def test_a_program_that_dies_is_started_again_and_it_is_said(home, capsys):
    supervisor = Supervisor([Program("sleeper", tuple(SLEEP))], home, os.environ)
    supervisor.start()
    (child,) = supervisor.children
    try:
        os.kill(child.process.pid, signal.SIGKILL)
        until(lambda: child.process.exit_code() is not None)
        supervisor.check_programs()

        assert child.process.is_running()
        assert "sleeper stopped (killed by signal 9)" in capsys.readouterr().out
    finally:
        supervisor.stop()


def test_a_program_that_keeps_dying_is_given_longer_and_longer_pauses(home, capsys):
    supervisor = Supervisor([Program("broken", (sys.executable, "-c", "raise SystemExit('no key')"))], home, os.environ)
    supervisor.start()
    (child,) = supervisor.children
    for _ in range(3):
        until(lambda: child.process.exit_code() is not None)
        supervisor.check_programs()
        child.restart_at = 0
        supervisor.check_programs()

    supervisor.stop()
    assert re.findall(r"starts again (.*)\.", capsys.readouterr().out) == ["now", "in 1 s", "in 3 s"]


def test_a_program_that_does_not_come_up_at_all_ends_the_start_with_its_own_words(home):
    supervisor = Supervisor([Program("broken", (sys.executable, "-c", "raise SystemExit('no key')"))], home, os.environ)
    supervisor.start()
    until(lambda: supervisor.children[0].process.exit_code() is not None)

    with pytest.raises(CommandError, match="broken does not start: no key"):
        supervisor.require_all_running()
    supervisor.stop()


def test_warnings_reach_the_person_at_the_keyboard_and_the_rest_stays_in_the_log(home, capsys):
    words = "print('all is well'); print('2026-11-22 [warning  ] the queue is away')"
    program = Program("talker", (sys.executable, "-uc", f"{words}; import time; time.sleep(60)"))
    supervisor = Supervisor([program], home, os.environ)
    supervisor.start()
    try:
        until(lambda: "away" in supervisor.children[0].process.log.read_text())
        supervisor.check_programs()

        told = capsys.readouterr().out
        assert "talker: 2026-11-22 [warning  ] the queue is away" in told
        assert "all is well" not in told
    finally:
        supervisor.stop()
