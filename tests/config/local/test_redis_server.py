"""Tests which Redis binary is chosen."""

import subprocess
from pathlib import Path

import pytest

from config.local import redis_server
from config.local.errors import CommandError


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """A PATH of one empty directory."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, name: str) -> str:
    """Put a program of this name into the folder."""
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_a_server_of_the_machine_is_preferred_under_either_name(path, name):
    program = put(path, name)

    assert redis_server._find_binary() == program


def test_a_machine_without_one_runs_the_one_from_the_wheel(path):
    version = subprocess.run([redis_server._find_binary(), "--version"], capture_output=True, text=True, check=True)

    assert version.stdout.startswith("Valkey server v=9.")


def test_where_there_is_none_it_says_how_to_come_by_one(path, monkeypatch):
    monkeypatch.setattr(redis_server, "find_spec", lambda name: None)

    with pytest.raises(CommandError, match=r"no redis-server and no valkey-server.*apt-get install redis-server"):
        redis_server._find_binary()
