"""Which of the local commands was asked for? Run by make, or as `python -m config.local COMMAND`."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable

from config.local import benching, demo, environment, services, testing
from config.local.home import PROJECT, Home
from config.local.processes import clear_leftovers
from config.local.trouble import Trouble, in_words


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
        print(f"\n{in_words(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _do(words: list[str]) -> int:
    """Carry out the first word with the rest as its arguments."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "demo": lambda _rest: demo.run(),
        "test": lambda paths: testing.some(paths) if paths else testing.everything(),
        "test-fast": testing.fast,
        "check": lambda _rest: testing.check_only(),
        "bench": benching.run,
        "run": lambda rest: testing.run(rest[1:] if rest[:1] == ["--"] else rest),
        "shell": lambda _rest: shell(),
        "reset-demo": lambda _rest: reset(),
    }
    if not words or words[0] not in commands:
        raise Trouble("`make help` lists what can be done here.")
    return commands[words[0]](words[1:])


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
    for name in ("postgres", "databases", "redis", "outbox", "logs", "run"):
        shutil.rmtree(home.path / name, ignore_errors=True)
    for name in ("secrets.json", "steps.json"):
        (home.path / name).unlink(missing_ok=True)
    print(f"Forgotten. The next `make demo` begins afresh in {home.path}.")
    return 0


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
