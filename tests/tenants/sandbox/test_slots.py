"""Slots are shared by all processes of a machine, and no business takes them all."""

import subprocess
import sys
from contextlib import ExitStack

import pytest

from tenants.sandbox import slots
from tenants.sandbox.slots import SandboxBusy, acquire_slot


def is_free(owner: str) -> bool:
    """Return whether an owner gets a slot at once."""
    try:
        with acquire_slot(owner, wait_seconds=0):
            return True
    except SandboxBusy:
        return False


def test_one_business_takes_one_slot_and_leaves_the_others(settings):
    settings.SANDBOX_PROCESSES = 2
    with acquire_slot("acme", wait_seconds=0):
        assert not is_free("acme")
        assert is_free("globex")
    assert is_free("acme")


def test_no_more_slots_are_given_than_there_are(settings):
    settings.SANDBOX_PROCESSES = 2
    with acquire_slot("acme", wait_seconds=0), acquire_slot("globex", wait_seconds=0):
        assert not is_free("initech")


def test_a_slot_is_free_again_after_an_error(settings):
    with pytest.raises(ZeroDivisionError), acquire_slot("acme", wait_seconds=0):
        raise ZeroDivisionError
    assert is_free("acme")


def test_few_wait_so_that_threads_are_left(settings, monkeypatch):
    """With all seats taken, nobody waits, however long they would."""
    settings.SANDBOX_PROCESSES = 1
    monkeypatch.setattr(slots, "POLL_SECONDS", None)  # whoever sleeps fails
    with ExitStack() as seats, acquire_slot("acme", wait_seconds=0):
        for number in range(slots.MAX_WAITING):
            seat = slots._lock_any([f"seat-{number}"])
            seats.callback(slots.os.close, seat)

        with pytest.raises(SandboxBusy), acquire_slot("globex", wait_seconds=600):
            pass


def test_a_business_with_many_files_leaves_the_seats_to_others(settings, monkeypatch):
    """Acme runs one file and waits with one more; its further ones are refused, while Globex and Initech may wait."""
    settings.SANDBOX_PROCESSES = 2
    monkeypatch.setattr(slots, "POLL_SECONDS", None)  # whoever sleeps has a seat
    with ExitStack() as held:
        held.enter_context(acquire_slot("acme", wait_seconds=0))
        held.enter_context(slots._take_seat("acme"))
        for _file in range(slots.MAX_WAITING):
            with pytest.raises(SandboxBusy), acquire_slot("acme", wait_seconds=600):
                pass
        held.enter_context(acquire_slot("globex", wait_seconds=0))
        for owner in "globex", "initech":
            with pytest.raises(TypeError), acquire_slot(owner, wait_seconds=600):
                pass


def test_a_slot_lives_as_long_as_the_parser_that_inherited_it(settings):
    settings.SANDBOX_PROCESSES = 1
    with acquire_slot("acme", wait_seconds=0) as locks:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=locks)
    try:
        assert not is_free("acme")
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
    assert is_free("acme")


def test_a_directory_of_somebody_else_is_not_trusted(settings, tmp_path):
    settings.SANDBOX_LOCK_DIR = tmp_path / "link"
    settings.SANDBOX_LOCK_DIR.symlink_to(tmp_path)

    with pytest.raises(PermissionError), acquire_slot("acme", wait_seconds=0):
        pass
