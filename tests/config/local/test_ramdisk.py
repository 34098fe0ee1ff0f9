"""The directory in memory is removed after a run, and left out where there is no space."""

import pytest

from config.local import ramdisk
from config.local.state_dir import StateDir


@pytest.fixture
def state_dir(tmp_path) -> StateDir:
    """A home of the test's own."""
    return StateDir(tmp_path / "home")


@pytest.fixture(autouse=True)
def fake_ramdisk(tmp_path, monkeypatch):
    """Let a directory of the test's own pass for memory, whatever this machine has."""
    directory = tmp_path / "memory"
    directory.mkdir()
    monkeypatch.setattr(ramdisk, "RAMDISK", directory)
    monkeypatch.setattr(ramdisk, "MIN_FREE_SPACE", 1)
    return directory


def test_ramdisk_is_removed_after_the_run(state_dir, fake_ramdisk):
    with ramdisk.ramdisk_directory(state_dir) as directory:
        (directory / "data").write_text("a table")
        assert directory.parent == fake_ramdisk
    assert list(fake_ramdisk.iterdir()) == []


def test_ramdisk_is_removed_after_a_failure(state_dir, fake_ramdisk):
    with pytest.raises(ZeroDivisionError), ramdisk.ramdisk_directory(state_dir):
        raise ZeroDivisionError
    assert list(fake_ramdisk.iterdir()) == []


def test_the_next_run_removes_the_ramdisk_of_a_killed_run(state_dir, fake_ramdisk):
    killed = ramdisk.ramdisk_directory(state_dir)
    killed.__enter__()
    assert len(list(fake_ramdisk.iterdir())) == 1

    with ramdisk.ramdisk_directory(state_dir) as directory:
        assert list(fake_ramdisk.iterdir()) == [directory]


def test_ramdisks_of_other_state_dirs_are_kept(state_dir, tmp_path):
    with (
        ramdisk.ramdisk_directory(StateDir(tmp_path / "other")) as others,
        ramdisk.ramdisk_directory(state_dir) as directory,
    ):
        assert others != directory
        assert others.is_dir()


def test_no_ramdisk_is_made_without_free_memory(state_dir, monkeypatch):
    monkeypatch.setattr(ramdisk, "MIN_FREE_SPACE", 10**18)
    with ramdisk.ramdisk_directory(state_dir) as directory:
        assert directory is None


def test_no_ramdisk_is_made_on_a_machine_without_one(state_dir, monkeypatch, tmp_path):
    monkeypatch.setattr(ramdisk, "RAMDISK", tmp_path / "missing")
    with ramdisk.ramdisk_directory(state_dir) as directory:
        assert directory is None
