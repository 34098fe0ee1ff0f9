"""Which of the local commands was asked for? Run as `python -m config.local COMMAND`."""

import signal
import subprocess
import sys

from config.local import environment, services
from config.local.home import Home
from config.local.trouble import Trouble


def run(command: list[str]) -> int:
    """Run a command with test settings, and with PostgreSQL and Redis for as long as it lasts."""
    home = Home(Home.of_this_machine().room("test"))
    home.lock(f"Another test run is using {home.path}. Wait for it, or set PORTICO_HOME to another directory.")
    with services.running(home, durable=False) as servers:
        return subprocess.run(command, env=environment.for_tests(home, services=servers.env)).returncode


def main(words: list[str]) -> int:
    """Do one command and return its exit code; what goes wrong becomes one sentence."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGHUP, _as_interrupt)
    try:
        match words:
            case ["run", "--", *command] if command:
                return run(command)
            case _:
                raise Trouble("Say one of: run -- COMMAND.")
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
