"""The entry point of the local commands, run by make or as `python -m config.local COMMAND`."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable

from config.local import benchmark_command, demo_run, environment, local_services, testing_commands
from config.local.child_processes import stop_leftovers
from config.local.errors import CommandError, describe_os_error
from config.local.state_dir import PROJECT_ROOT, StateDir


def main(args: list[str]) -> int:
    """Run one command and return its exit code; an error that a person can fix is printed as one sentence."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # A shell ignores SIGINT for what it runs with &.
        signal.signal(number, _raise_interrupt)
    try:
        return _run_command(args)
    except CommandError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\n{describe_os_error(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run_command(args: list[str]) -> int:
    """Run the command that the first argument names, with the rest as its arguments."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "demo": lambda _rest: demo_run.run_demo(),
        "test": lambda paths: (
            testing_commands.run_selected_tests(paths) if paths else testing_commands.run_checks_and_tests()
        ),
        "test-fast": testing_commands.run_fast_tests,
        "fuzz": testing_commands.run_fuzzing,
        "schema": testing_commands.write_api_schemas,
        "check": lambda _rest: testing_commands.run_checks_only(),
        "bench": benchmark_command.run_benchmarks,
        "run": lambda rest: testing_commands.run_command(rest[1:] if rest[:1] == ["--"] else rest),
        "shell": lambda _rest: open_shell(),
        "reset-demo": lambda _rest: reset_demo(),
    }
    if not args or args[0] not in commands:
        raise CommandError("`make help` lists what can be done here.")
    return commands[args[0]](args[1:])


def open_shell() -> int:
    """Open Django's shell on the demo's data, beside the running demo or, when none runs, with the servers alone."""
    state_dir = StateDir.from_environment()
    command = [sys.executable, "manage.py", "shell"]
    if running := state_dir.read_json("demo.json") if state_dir.is_lock_held() else None:
        return subprocess.run(command, env=os.environ | running["env"], cwd=PROJECT_ROOT).returncode
    state_dir.acquire_lock()
    with local_services.running_services(state_dir) as servers:
        env = environment.build_demo_env(state_dir, port=8000, metrics_port=9400, services=servers.server_urls)
        return subprocess.run(command, env=env, cwd=PROJECT_ROOT).returncode


def reset_demo() -> int:
    """Delete the demo's database, mails and secrets; refuses while a demo runs."""
    state_dir = StateDir.from_environment()
    state_dir.acquire_lock()
    stop_leftovers(state_dir)
    for name in ("postgres", "databases", "redis", "outbox", "logs", "run"):
        shutil.rmtree(state_dir.path / name, ignore_errors=True)
    for name in ("secrets.json", "steps.json"):
        (state_dir.path / name).unlink(missing_ok=True)
    print(f"Removed. The next `make demo` starts from scratch in {state_dir.path}.")
    return 0


def _raise_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
