"""Creates the Python environment in .venv if needed, then runs a local command in it.

`make` runs it as `python3 -I config/local/venv_bootstrap.py COMMAND` with the machine's Python, so it keeps to
the standard library, and to syntax that an old Python can read until it has seen that Python is new enough.
"""

import sys

if sys.version_info < (3, 11):
    found = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(
        "Portico needs Python 3.11 or later and python3 is %s. Install one and name it: make demo PYTHON=python3.13"
        % found
    )

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from config.local.errors import CommandError, describe_os_error
from config.local.ports import parse_port, require_port_free
from config.local.state_dir import StateDir, require_free_space
from config.local.step_tracking import print_step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
READY_MARKER = VENV / "portico-ready"
# Prints which Python answers, and fails for one too old.
PRINT_VERSION = "import sys; print(ascii([sys.base_prefix, sys.version])); sys.exit(sys.version_info < (3, 11))"
NETWORK_ERRORS = (
    "error sending request",
    "NewConnectionError",
    "ProxyError",
    "name resolution",
    "No matching distribution",
)
FIRST_RUN_SPACE = 2_500_000_000  # The environment, npm's packages and a database, with a margin.


def main(args):
    """Create the environment if needed, then run the command in it. Exits with a sentence where a person has to act."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_interrupt)
    try:
        if args == ["demo"]:
            _check_demo_prerequisites()
        with (ROOT / "pyproject.toml").open() as lock_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)  # Two commands at once would spoil each other's environment.
            if not _is_venv_up_to_date():
                _create_environment()
    except CommandError as error:
        sys.exit("\n%s" % error)
    except OSError as error:
        sys.exit("\n%s" % describe_os_error(error))
    except KeyboardInterrupt:
        sys.exit(130)
    # Without bytecode every one of our programs takes twice as long to start.
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "VIRTUAL_ENV"):
        os.environ.pop(name, None)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "config.local", *args])


def _check_demo_prerequisites():
    """Raise CommandError for what would stop the demo, before minutes are spent on installing."""
    state_dir = StateDir.from_environment()
    state_dir.require_no_running_demo()
    port = parse_port(os.environ.get("PORT") or "8000")
    if not any(
        (state_dir.path / "run").glob("*.json")
    ):  # Otherwise a killed run's web server may hold the port; it is stopped later.
        require_port_free(port)


def _compute_fingerprint():
    parts = [str(ROOT).encode(), (ROOT / "uv.lock").read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _is_venv_up_to_date():
    return READY_MARKER.exists() and READY_MARKER.read_text() == _compute_fingerprint() and _is_venv_usable()


def _is_venv_usable():
    """Tell whether the environment's Python starts, is new enough, is the one named, and was not moved."""
    config = VENV / "pyvenv.cfg"
    if (
        not PYTHON.exists()
        or not config.exists()
        or ("command = " in config.read_text() and str(VENV) not in config.read_text())
    ):
        return False
    result = subprocess.run(
        [str(PYTHON), "-I", "-c", PRINT_VERSION], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    requested = os.environ.get("PYTHON")  # By make PYTHON=...; unset when it is whichever python3 there happens to be.
    return result.returncode == 0 and (not requested or result.stdout.strip() == _python_version())


def _python_version():
    return ascii([sys.base_prefix, sys.version])


def _create_environment():
    require_free_space(ROOT, FIRST_RUN_SPACE if not VENV.exists() else FIRST_RUN_SPACE // 5)
    if not _is_venv_usable():
        _require_venv_unused()
        with print_step("Python environment in .venv"):
            create_venv()
    with print_step("Packages from PyPI"):
        _sync_packages(shutil.which("uv", path=_path_without_venv()) or _install_uv())
    READY_MARKER.write_text(_compute_fingerprint())


def _require_venv_unused():
    state_dir = StateDir.from_environment()
    if VENV.exists() and (state_dir.is_lock_held() or StateDir(state_dir.subdirectory("test")).is_lock_held()):
        raise CommandError("A demo or a test run uses .venv, which has to be rebuilt. Stop it and run this again.")


def create_venv():
    """Create the virtual environment. Raises CommandError where Python lacks what that needs."""
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        raise CommandError(
            "Python's venv module is missing. Install it (Debian: apt-get install python3-venv) and run this again."
        )
    _run_or_fail([sys.executable, "-m", "venv", "--clear", str(VENV)], "The environment .venv can't be made.")


def _install_uv():
    """Return the uv in .venv, installed from PyPI in the locked version if it is missing."""
    ours = VENV / "bin" / "uv"
    if not ours.exists():
        requirements_file = VENV / "uv-requirement.txt"
        requirements_file.write_text(_read_locked_uv_requirement())
        install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        _run_or_fail([*install, "--require-hashes", "-r", str(requirements_file)], "uv can't be installed from PyPI.")
    return str(ours)


def _read_locked_uv_requirement():
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    entry = next(package for package in lock["package"] if package["name"] == "uv")
    hashes = ["--hash=" + wheel["hash"] for wheel in entry["wheels"]]
    return " ".join(["uv==" + entry["version"], *hashes])


def _sync_packages(uv):
    command = [uv, "sync", "--locked", "--no-progress", "--directory", str(ROOT)]
    completed = _run_logged(command)
    if "invalid peer certificate" in completed.stdout:  # A company's own certificates are in the system's store only.
        completed = _run_logged(command, UV_SYSTEM_CERTS="true", UV_NATIVE_TLS="true")
    _require_success(completed, "The packages in uv.lock can't be installed.")


def _run_or_fail(command, failure_message):
    _require_success(_run_logged(command), failure_message)


def _run_logged(command, **also):
    """Run one command and append its output to the set-up log."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    env |= {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON": str(PYTHON)} | also
    completed = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    with _log_file().open("a") as log_file:
        log_file.write("$ %s\n%s\n" % (" ".join(command), completed.stdout))
    return completed


def _log_file():
    return StateDir.from_environment().subdirectory("logs") / "set-up.log"


def _require_success(completed, failure_message):
    """Raise CommandError with the line that says most, unless the command succeeded."""
    if completed.returncode:
        raise CommandError(
            "%s %s (%s has the rest)" % (failure_message, _summarise_command_output(completed.stdout), _log_file())
        )


def _summarise_command_output(output):
    if "No space left on device" in output:
        return "The disk is full; free some space and run this again."
    if "invalid peer certificate" in output or "CERTIFICATE_VERIFY_FAILED" in output:
        return "PyPI's certificate is not trusted here; install ca-certificates or set SSL_CERT_FILE."
    if any(word in output for word in NETWORK_ERRORS):
        return "PyPI can't be reached; look at the network and run this again."
    lines = [line.strip() for line in output.split("\n") if line.strip()]
    return next(
        (line for line in reversed(lines) if "error" in line.lower()), lines[-1] if lines else "It gave no reason."
    )


def _path_without_venv():
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if Path(entry).resolve() != (VENV / "bin").resolve())


def _raise_interrupt(_signal, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(sys.argv[1:])
