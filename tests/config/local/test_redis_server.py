"""Tests which Redis binary is chosen."""

import subprocess
from pathlib import Path

import pytest

from config.local import redis_server
from config.local.errors import CommandError


@pytest.fixture
def empty_search_path(tmp_path, monkeypatch) -> Path:
    """A PATH of one empty directory."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def write_executable(folder: Path, name: str) -> str:
    """Put a program of this name into the folder."""
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_an_installed_server_is_preferred_under_either_name(empty_search_path, name):
    program = write_executable(empty_search_path, name)

    assert redis_server._find_binary() == program


def test_bundled_server_is_used_when_none_is_installed(empty_search_path):
    version = subprocess.run([redis_server._find_binary(), "--version"], capture_output=True, text=True, check=True)

    assert version.stdout.startswith("Valkey server v=9.")


def test_a_missing_server_is_reported_with_instructions(empty_search_path, monkeypatch):
    monkeypatch.setattr(redis_server, "find_spec", lambda name: None)

    with pytest.raises(CommandError, match=r"no redis-server and no valkey-server.*apt-get install redis-server"):
        redis_server._find_binary()
