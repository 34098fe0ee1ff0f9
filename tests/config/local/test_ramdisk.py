"""The directory in memory is removed after a run, and left out where there is no space."""

import pytest

from config.local import ramdisk
from config.local.state_dir import StateDir


@pytest.fixture
def home(tmp_path) -> StateDir:
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


def test_what_stood_in_memory_is_gone_after_the_run(home, fake_ramdisk):
    with ramdisk.ramdisk_directory(home) as directory:
        (directory / "data").write_text("a table")
        assert directory.parent == fake_ramdisk
    assert list(fake_ramdisk.iterdir()) == []


def test_a_failure_leaves_nothing_either(home, fake_ramdisk):
    with pytest.raises(ZeroDivisionError), ramdisk.ramdisk_directory(home):
        raise ZeroDivisionError
    assert list(fake_ramdisk.iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next_one_of_the_same_home(home, fake_ramdisk):
    killed = ramdisk.ramdisk_directory(home)
    killed.__enter__()
    assert len(list(fake_ramdisk.iterdir())) == 1

    with ramdisk.ramdisk_directory(home) as directory:
        assert list(fake_ramdisk.iterdir()) == [directory]


def test_other_homes_are_left_alone(home, tmp_path):
    with (
        ramdisk.ramdisk_directory(StateDir(tmp_path / "other")) as others,
        ramdisk.ramdisk_directory(home) as directory,
    ):
        assert others != directory
        assert others.is_dir()


def test_without_room_there_is_no_place_in_memory(home, monkeypatch):
    monkeypatch.setattr(ramdisk, "MIN_FREE_SPACE", 10**18)
    with ramdisk.ramdisk_directory(home) as directory:
        assert directory is None


def test_a_machine_without_such_a_directory_has_no_place_in_memory(home, monkeypatch, tmp_path):
    monkeypatch.setattr(ramdisk, "RAMDISK", tmp_path / "missing")
    with ramdisk.ramdisk_directory(home) as directory:
        assert directory is None
