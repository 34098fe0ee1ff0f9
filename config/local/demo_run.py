"""`make demo`: sets up and runs Portico with two demo businesses until it is interrupted."""

import hashlib
import http.client
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from config.local import environment, frontend_build, local_services
from config.local.demo_programs import list_demo_programs
from config.local.errors import CommandError
from config.local.parent_process import ParentProcess
from config.local.ports import find_free_port, parse_port, require_port_free
from config.local.setup_programs import run_manage_command
from config.local.state_dir import PROJECT_ROOT, StateDir, require_free_space
from config.local.step_tracking import compute_fingerprint, print_step, track_setup_step
from config.local.supervisor import Supervisor

READY_TIMEOUT = 90.0


def run_demo() -> int:
    """Set up what is missing, start everything, print the addresses, and run until interrupted."""
    state_dir, port = StateDir.from_environment(), parse_port(os.environ.get("PORT") or "8000")
    state_dir.acquire_lock()
    require_free_space(state_dir.path)
    print("Portico demo", flush=True)
    with local_services.running_services(
        state_dir
    ) as servers:  # Clears leftovers of a killed run first, which may hold the port.
        require_port_free(port)
        env = environment.build_demo_env(
            state_dir, port=port, metrics_port=find_free_port(), services=servers.server_urls
        )
        state_dir.write_json("demo.json", {"address": f"http://localhost:{port}/", "env": _build_demo_settings(env)})
        try:
            _set_up_demo(state_dir, env)
            _serve_demo(state_dir, env, port, servers)
        finally:
            (state_dir.path / "demo.json").unlink(missing_ok=True)
    return 0


def _set_up_demo(state_dir: StateDir, env: Mapping[str, str]) -> None:
    frontend_build.build_frontend(state_dir, env)
    records = _get_step_records_path(state_dir)
    code = [path for folder in ("tenants", "portal") for path in (PROJECT_ROOT / folder).rglob("migrations/*.py")]
    with track_setup_step(records, "schemas", compute_fingerprint(code)) as due:
        if due:
            with print_step("Database schemas"):
                run_manage_command(state_dir, env, "migrate_businesses")
    with track_setup_step(records, "seed", "done") as due:
        if due:
            with print_step("Two demo businesses"):
                run_manage_command(state_dir, env, "seed_demo")


def _get_step_records_path(state_dir: StateDir) -> StateDir:
    """Return where to record which steps the database has had: in our own data directory, or by its URL's hash."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        return StateDir(state_dir.path / "postgres" / "data")
    return StateDir(state_dir.subdirectory("databases") / hashlib.sha256(address.encode()).hexdigest()[:16])


def _serve_demo(state_dir: StateDir, env: Mapping[str, str], port: int, servers: local_services.LocalServices) -> None:
    for numbers in state_dir.subdirectory("metrics").iterdir():
        numbers.unlink()  # Left by processes that have ended.
    supervisor, parent = Supervisor(list_demo_programs(port), state_dir, env), ParentProcess()
    try:
        with print_step("Web server, workers, sweeper"):
            supervisor.start()
            _wait_until_ready(supervisor, port)
        print(_build_demo_welcome(port, state_dir), flush=True)
        with suppress(KeyboardInterrupt):  # From here on, an interruption is the normal end.
            while not parent.was_make_interrupted():
                for name in servers.restart_stopped(time.monotonic()):
                    print(f"  {time.strftime('%H:%M:%S')}  {name} stopped and is being restarted.", flush=True)
                supervisor.check_programs()
                time.sleep(0.25)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # We are stopping already.
        print("\n  Stopping", flush=True)
        supervisor.stop()


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    while (answer := _query_readiness(port)) != "ready":
        supervisor.require_all_running()
        if time.monotonic() > deadline:
            raise CommandError(f"Portico is not ready after {READY_TIMEOUT:.0f} s: {answer}")
        time.sleep(0.1)


def _query_readiness(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return "the web server does not answer."
    finally:
        connection.close()


def _build_demo_settings(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if os.environ.get(name) != value}


def _build_demo_welcome(port: int, state_dir: StateDir) -> str:
    return f"""
  Portico is ready.

    Acme Physiotherapy   http://acme.localhost:{port}/
    Globex Legal         http://globex.localhost:{port}/
    Mails and texts      http://localhost:{port}/dev/outbox/
    The console          http://localhost:{port}/console/
    The platform         http://localhost:{port}/

  Sign in at either portal as ana@example.com; the code arrives in the outbox.
  At the console: owner@acme.test, staff@acme.test, or owner@globex.test, who also owns Acme.
  Others to try: bo@example.com (no mobile), family@example.com (shared), +447700900103 (no email).
  Logs are in {_relative_path(state_dir.path / "logs")}. Ctrl-C stops everything.
"""


def _relative_path(path: Path) -> Path:
    return path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path
