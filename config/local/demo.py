"""How does one command become a running Portico with two businesses to sign in to?"""

import hashlib
import http.client
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from config.local import environment, services, setup
from config.local.home import PROJECT, Home, require_space
from config.local.parent import Parent
from config.local.ports import as_port, free_port, require_free
from config.local.programs import of_the_demo
from config.local.steps import fingerprint, once_per, step
from config.local.supervisor import Supervisor
from config.local.trouble import Trouble

READY_WITHIN = 90.0


def run() -> int:
    """Set up what is missing, start everything, say where to go, and go on until interrupted."""
    home, port = Home.of_this_machine(), as_port(os.environ.get("PORT") or "8000")
    home.lock()
    require_space(home.path)
    print("Portico demo", flush=True)
    with services.running(home) as servers:  # Clears leftovers of a killed run first, which may hold the port.
        require_free(port)
        env = environment.for_demo(home, port=port, metrics_port=free_port(), services=servers.env)
        home.write("demo.json", {"address": f"http://localhost:{port}/", "env": _ours(env)})
        try:
            _set_up(home, env)
            _serve(home, env, port, servers)
        finally:
            (home.path / "demo.json").unlink(missing_ok=True)
    return 0


def _set_up(home: Home, env: Mapping[str, str]) -> None:
    setup.build_pages(home, env)
    marks = _marks(home)
    code = [path for folder in ("tenants", "portal") for path in (PROJECT / folder).rglob("migrations/*.py")]
    with once_per(marks, "schemas", fingerprint(code)) as due:
        if due:
            with step("Database schemas"):
                setup.manage(home, env, "migrate_businesses")
    with once_per(marks, "seed", "done") as due:
        if due:
            with step("Two demo businesses"):
                setup.manage(home, env, "seed_demo")


def _marks(home: Home) -> Home:
    """Where to note what the database holds: beside our own data, so that both go together, or by its address."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        return Home(home.path / "postgres" / "data")
    return Home(home.room("databases") / hashlib.sha256(address.encode()).hexdigest()[:16])


def _serve(home: Home, env: Mapping[str, str], port: int, servers: services.Services) -> None:
    for numbers in home.room("metrics").iterdir():
        numbers.unlink()  # Left by processes that are gone.
    supervisor, parent = Supervisor(of_the_demo(port), home, env), Parent()
    try:
        with step("Web server, workers, sweeper"):
            supervisor.start()
            _wait_until_ready(supervisor, port)
        print(_welcome(port, home), flush=True)
        with suppress(KeyboardInterrupt):  # From here on, being interrupted is how it ends well.
            while not parent.wants_us_gone():
                for name in servers.revive(time.monotonic()):
                    print(f"  {time.strftime('%H:%M:%S')}  {name} had stopped. It starts again.", flush=True)
                supervisor.look()
                time.sleep(0.25)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # We are stopping already.
        print("\n  Stopping", flush=True)
        supervisor.stop()


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while (answer := _readiness(port)) != "ready":
        supervisor.require_all()
        if time.monotonic() > deadline:
            raise Trouble(f"Portico is not ready after {READY_WITHIN:.0f} s: {answer}")
        time.sleep(0.1)


def _readiness(port: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz", headers={"Host": "localhost"})
        return line.getresponse().read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return "the web server does not answer."
    finally:
        line.close()


def _ours(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if os.environ.get(name) != value}


def _welcome(port: int, home: Home) -> str:
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
  Logs are in {_short(home.path / "logs")}. Ctrl-C stops everything.
"""


def _short(path: Path) -> Path:
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
