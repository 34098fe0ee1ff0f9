"""Tests that a process notices a SIGINT that only its make received."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.local.parent_process import ParentProcess
from config.local.state_dir import PROJECT_ROOT

WATCH = """
import time
from config.local.parent_process import ParentProcess
parent = ParentProcess()
print(parent.is_make, flush=True)
while not parent.was_make_interrupted():
    time.sleep(0.02)
print("gone", flush=True)
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux shows which signals a process listens for"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_interrupting_or_killing_make_stops_its_program(tmp_path, number):
    (tmp_path / "Makefile").write_text(f"it:\n\t@{sys.executable} watch.py\n")
    (tmp_path / "watch.py").write_text(WATCH)
    env = os.environ | {
        "PYTHONPATH": str(PROJECT_ROOT),
        "MAKELEVEL": "0",
        "MAKEFLAGS": "",
    }  # Not a part of `make test`.
    with subprocess.Popen(["make", "it"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as make:
        assert make.stdout.readline() == "True\n"

        make.send_signal(number)

        assert make.stdout.readline() == "gone\n"


def test_a_parent_other_than_make_is_ignored():
    parent = ParentProcess()

    assert not parent.is_make
    assert not parent.was_make_interrupted()
