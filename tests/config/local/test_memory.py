"""Does a test run's database stand in memory, and is nothing left of it?"""

import pytest

from config.local import memory
from config.local.home import Home


@pytest.fixture
def home(tmp_path) -> Home:
    """A home of the test's own."""
    return Home(tmp_path / "home")


@pytest.fixture(autouse=True)
def memory_of_the_test(tmp_path, monkeypatch):
    """Let a directory of the test's own pass for memory, whatever this machine has."""
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(memory, "MEMORY", place)
    monkeypatch.setattr(memory, "ROOM_NEEDED", 1)
    return place


def test_what_stood_in_memory_is_gone_after_the_run(home, memory_of_the_test):
    with memory.room(home) as place:
        (place / "data").write_text("a table")
        assert place.parent == memory_of_the_test
    assert list(memory_of_the_test.iterdir()) == []


def test_a_failure_leaves_nothing_either(home, memory_of_the_test):
    with pytest.raises(ZeroDivisionError), memory.room(home):
        raise ZeroDivisionError
    assert list(memory_of_the_test.iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next_one_of_the_same_home(home, memory_of_the_test):
    killed = memory.room(home)
    killed.__enter__()
    assert len(list(memory_of_the_test.iterdir())) == 1

    with memory.room(home) as place:
        assert list(memory_of_the_test.iterdir()) == [place]


def test_other_homes_are_left_alone(home, tmp_path):
    with memory.room(Home(tmp_path / "other")) as others, memory.room(home) as place:
        assert others != place
        assert others.is_dir()


def test_without_room_there_is_no_place_in_memory(home, monkeypatch):
    monkeypatch.setattr(memory, "ROOM_NEEDED", 10**18)
    with memory.room(home) as place:
        assert place is None


def test_a_machine_without_such_a_directory_has_no_place_in_memory(home, monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "missing")
    with memory.room(home) as place:
        assert place is None
