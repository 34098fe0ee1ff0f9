"""Tests of the state directory: secrets, lock, free space and recorded steps."""

import os
import stat
import subprocess
import sys

import pytest

from config.local.errors import CommandError
from config.local.state_dir import PROJECT_ROOT, StateDir, require_free_space
from config.local.step_tracking import compute_fingerprint, track_setup_step

HOLD = (
    "from pathlib import Path; from config.local.state_dir import StateDir; "
    "h = StateDir(Path({!r})); h.acquire_lock(); print('held', flush=True); input()"
)


@pytest.fixture
def state_dir(tmp_path) -> StateDir:
    """An empty home."""
    return StateDir(tmp_path / "home")


def test_secrets_are_generated_once_and_readable_by_their_owner_alone(state_dir):
    first = state_dir.load_secrets()

    assert StateDir(state_dir.path).load_secrets() == first
    assert stat.S_IMODE((state_dir.path / "secrets.json").stat().st_mode) == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_a_second_process_is_refused_with_advice(state_dir):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD.format(str(state_dir.path))],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        assert state_dir.is_lock_held()
        with pytest.raises(CommandError, match=r"already runs from .* Stop that one with Ctrl-C"):
            state_dir.acquire_lock()
        other.kill()

    state_dir.acquire_lock()  # However the other ended.


def test_an_incomplete_file_counts_as_missing(state_dir):
    state_dir.write_json("steps.json", {"a": 1})
    (state_dir.path / "steps.json").write_text('{"a": ')

    assert state_dir.read_json("steps.json") is None


def test_full_disk_is_reported_before_start(state_dir):
    with pytest.raises(CommandError, match="Free some space"):
        require_free_space(state_dir.path, 10**18)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_directory_is_named_in_the_error(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(CommandError, match="Set PORTICO_HOME"):
        StateDir(tmp_path / "home").subdirectory("logs")


def test_a_step_runs_once_for_each_fingerprint(state_dir, tmp_path):
    source = tmp_path / "source"
    source.write_text("one")
    done = []

    def run_tracked_step():
        with track_setup_step(state_dir, "build", compute_fingerprint([source])) as due:
            if due:
                done.append(source.read_text())

    run_tracked_step()
    run_tracked_step()
    source.write_text("two")
    run_tracked_step()

    assert done == ["one", "two"]


def test_a_step_that_failed_is_due_again(state_dir):
    with pytest.raises(ZeroDivisionError), track_setup_step(state_dir, "build", "mark"):
        raise ZeroDivisionError

    with track_setup_step(state_dir, "build", "mark") as due:
        assert due


def test_a_step_is_due_again_when_what_it_made_is_gone(state_dir, tmp_path):
    with track_setup_step(state_dir, "build", "mark"):
        pass

    with track_setup_step(state_dir, "build", "mark", makes=tmp_path / "gone") as due:
        assert due
