"""Tests that venv_bootstrap.py says what is missing in one sentence, and creates the environment only if needed."""

import ast
import errno
import os
import socket
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from config.local import venv_bootstrap
from config.local.errors import CommandError, describe_os_error
from config.local.ports import parse_port, require_port_free
from config.local.state_dir import PROJECT_ROOT, StateDir

SCRIPT = PROJECT_ROOT / "config" / "local" / "venv_bootstrap.py"


def run_bootstrap(*arguments: str, **env: str) -> subprocess.CompletedProcess:
    """Run the script as make does."""
    command = [sys.executable, "-I", str(SCRIPT), *arguments]
    return subprocess.run(command, env=os.environ | env, capture_output=True, text=True, timeout=100)


def test_an_old_python_exits_with_a_sentence():
    """Parsed by the rules of 3.8; an older one would need make's own check."""
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_bootstrap_needs_only_the_standard_library():
    ours = {"config.local.state_dir", "config.local.ports", "config.local.step_tracking", "config.local.errors"}
    for path in [SCRIPT, *(PROJECT_ROOT / f"{module.replace('.', '/')}.py" for module in ours)]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name in ours or name.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"


def test_port_in_use_is_reported_before_installation(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run_bootstrap("demo", PORT=str(port), PORTICO_HOME=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.strip() == f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}"


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "80 80"])
def test_an_invalid_port_is_refused(port):
    with pytest.raises(CommandError, match="PORT"):
        parse_port(port)


def test_a_port_taken_on_the_other_loopback_address_is_detected():
    try:
        with socket.socket(socket.AF_INET6) as taken:
            taken.bind(("::1", 0))
            taken.listen()
            with pytest.raises(CommandError):
                require_port_free(taken.getsockname()[1])
    except OSError:
        require_port_free(9)  # No IPv6 here: that must not stop the demo.


def test_a_missing_venv_module_names_its_package(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(CommandError, match="apt-get install python3-venv"):
        venv_bootstrap.create_venv()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: failed\n  cause: No space left on device (os error 28)", "The disk is full"),
        ("error: error sending request for url (https://pypi.org/simple/)", "PyPI can't be reached"),
        ("invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("hint: x\nerror: the lockfile needs to be updated\nbye", "error: the lockfile needs to be updated"),
        ("", "It gave no reason."),
    ],
)
def test_output_of_a_failed_tool_becomes_advice(output, sentence):
    assert sentence in venv_bootstrap._summarise_command_output(output)


def test_uv_is_installed_in_the_locked_version():
    requirement = venv_bootstrap._read_locked_uv_requirement()

    assert requirement.startswith("uv==")
    assert requirement.count("--hash=sha256:") > 5
    assert f'"{requirement.split()[0]}"' in (PROJECT_ROOT / "pyproject.toml").read_text()


@pytest.fixture
def virtual_environment(tmp_path, monkeypatch) -> Path:
    """An environment made from the Python that runs the tests, in the place of .venv."""
    place = tmp_path / "environment"
    venv.create(place, symlinks=True)
    monkeypatch.setattr(venv_bootstrap, "VENV", place)
    monkeypatch.setattr(venv_bootstrap, "PYTHON", place / "bin" / "python")
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYTHON", raising=False)
    return place


def test_a_moved_venv_is_recreated(virtual_environment):
    config = virtual_environment / "pyvenv.cfg"
    assert venv_bootstrap._is_venv_usable()

    config.write_text(config.read_text().replace(str(virtual_environment), "/somewhere/else/.venv"))
    assert not venv_bootstrap._is_venv_usable()


def test_a_venv_of_the_requested_python_is_kept(virtual_environment, monkeypatch):
    monkeypatch.setenv("PYTHON", sys.executable)

    assert venv_bootstrap._is_venv_usable()


@pytest.mark.parametrize(
    "other", [[sys.base_prefix, "3.99.0"], ["/opt/another", sys.version]], ids=["another version", "another place"]
)
def test_a_venv_of_another_python_is_recreated_only_on_request(virtual_environment, monkeypatch, other):
    python = virtual_environment / "bin" / "python"
    python.unlink()
    python.write_text(f'#!/bin/sh\ncat <<"END"\n{other!a}\nEND\n')
    python.chmod(0o755)
    assert venv_bootstrap._is_venv_usable()

    monkeypatch.setenv("PYTHON", sys.executable)
    assert not venv_bootstrap._is_venv_usable()


@pytest.mark.parametrize("room", [".", "test"], ids=["a demo", "a test run"])
def test_a_venv_in_use_is_not_recreated(virtual_environment, monkeypatch, room):
    monkeypatch.setattr(venv_bootstrap, "create_venv", lambda: pytest.fail("its environment was replaced"))
    (virtual_environment / "bin" / "python").unlink()
    StateDir(StateDir.from_environment().subdirectory(room)).acquire_lock()

    with pytest.raises(CommandError, match="A demo or a test run uses"):
        venv_bootstrap._create_environment()


def test_uv_uses_the_python_of_the_venv_whatever_its_settings(virtual_environment, monkeypatch):
    monkeypatch.setenv("UV_PYTHON", "3.99")
    print_command = [sys.executable, "-c", "import os; print(os.environ['UV_PYTHON'])"]

    assert venv_bootstrap._run_logged(print_command).stdout.strip() == str(venv_bootstrap.PYTHON)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "The disk is full."), (errno.EROFS, "/srv/portico can't be used: Read-only file system.")],
)
def test_os_errors_are_described_in_a_sentence(number, sentence):
    assert sentence in describe_os_error(OSError(number, os.strerror(number), "/srv/portico"))
