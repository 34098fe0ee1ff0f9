"""Which of the local commands was asked for? Run by make, or as `python -m config.local COMMAND`."""

import os
import shutil
import signal
import subprocess
import sys

from config.local import demo, environment, services
from config.local.home import PROJECT, Home
from config.local.processes import clear_leftovers
from config.local.trouble import Trouble


def main(words: list[str]) -> int:
    """Do one command and return its exit code; what a person can put right becomes one sentence."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # A shell ignores SIGINT for what it runs with &.
        signal.signal(number, _as_interrupt)
    try:
        return _do(words)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != 28:  # ENOSPC
            raise
        print("\nThe disk is full. Free some space and run this again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _do(words: list[str]) -> int:
    match words:
        case ["demo"]:
            demo.run()
            return 0
        case ["run", "--", *command] if command:
            return run(command)
        case ["shell"]:
            return shell()
        case ["reset-demo"]:
            return reset()
    raise Trouble("`make help` lists what can be done here.")


def run(command: list[str]) -> int:
    """Run a command with test settings, and with PostgreSQL and Redis for as long as it lasts."""
    home = Home(Home.of_this_machine().room("test"))
    home.lock(f"Another test run uses {home.path}. Wait for it, or set PORTICO_HOME to another directory.")
    with services.running(home, durable=False) as servers:
        return subprocess.run(command, env=environment.for_tests(home, services=servers.env)).returncode


def shell() -> int:
    """Open Django's shell on the demo's data, beside the running demo or, when none runs, with the servers alone."""
    home = Home.of_this_machine()
    command = [sys.executable, "manage.py", "shell"]
    if running := home.read("demo.json") if home.in_use() else None:
        return subprocess.run(command, env=os.environ | running["env"], cwd=PROJECT).returncode
    home.lock()
    with services.running(home) as servers:
        env = environment.for_demo(home, port=8000, metrics_port=9400, services=servers.env)
        return subprocess.run(command, env=env, cwd=PROJECT).returncode


def reset() -> int:
    """Forget the demo's database, mails and secrets; refuses while a demo runs."""
    home = Home.of_this_machine()
    home.lock()
    clear_leftovers(home)
    for name in ("postgres", "redis", "outbox", "logs", "run"):
        shutil.rmtree(home.path / name, ignore_errors=True)
    for name in ("postgres-database.json", "secrets.json", "steps.json"):
        (home.path / name).unlink(missing_ok=True)
    print(f"Forgotten. The next `make demo` begins afresh in {home.path}.")
    return 0


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
