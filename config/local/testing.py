"""How is everything tested on this machine: code, types, pages in a browser, both brokers?"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from config.local import environment, flaky, services, setup
from config.local.checks import check
from config.local.chromium import chromium
from config.local.home import PROJECT, Home, require_space
from config.local.rabbitmq import rabbitmq
from config.local.steps import step
from config.local.trouble import Trouble

# Each has a number of Redis's sixteen databases to itself.
WORKERS = min(os.cpu_count() or 2, 14)
# One more than there are cores: whoever kills a server waits most of the time.
EVERYTHING = ("-n", str(WORKERS + 1), "--dist", "worksteal")
FAST = ("-n", str(WORKERS), "--dist", "worksteal", "-m", "not browser and not faults and not rabbitmq and not slow")


def everything() -> int:
    """Check the code and run every test. A failed check doesn't keep the tests from telling what they know."""
    with ExitStack() as stack:
        env = _ready(stack)
        trouble = _checked(env)
        result = flaky.run_with_reruns(EVERYTHING, lambda words: _pytest(env, words), folder=_home().path / "flaky")
    if trouble:
        print(f"\n{trouble}", file=sys.stderr, flush=True)
    result.print_flaky()
    return result.code or int(trouble is not None)


def some(paths: Sequence[str]) -> int:
    """Run the tests that are named, one after another."""
    with ExitStack() as stack:
        return _pytest(_ready(stack), paths)


def fast(paths: Sequence[str]) -> int:
    """Run what needs neither a browser nor a killed process, and is not marked as slow."""
    with ExitStack() as stack:
        env = _with_servers(stack)
        setup.compile_translations()
        return _pytest(env, [*FAST, *paths])


def check_only() -> int:
    """Check the code without running it."""
    home = Home(Home.of_this_machine().room("check"))
    (setup.ASSETS / "dist").mkdir(exist_ok=True)  # Django misses the folder before anything was built.
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    check(home, environment.for_tests(home, services=nowhere))
    return 0


def run(command: Sequence[str]) -> int:
    """Run any command as the tests run: with their settings, and with PostgreSQL and Redis while it lasts."""
    with ExitStack() as stack:
        return in_front(command, _with_servers(stack))


def in_front(command: Sequence[str], env: dict[str, str]) -> int:
    """Run a command on this terminal; when we are interrupted it gets the same chance to tidy up."""
    program = subprocess.Popen(command, env=env, cwd=PROJECT, start_new_session=not os.isatty(0))
    try:
        return program.wait()
    except KeyboardInterrupt:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
        raise


def _ready(stack: ExitStack) -> dict[str, str]:
    """Have all that any test needs."""
    env = _with_servers(stack)
    home = _home()
    setup.build_pages(home, env)
    env["CHROMIUM"] = chromium(home, env)
    broker = rabbitmq(home, env)
    if isinstance(broker, str):
        return env | {"RABBITMQ_MISSING": broker}
    with step("RabbitMQ"):
        stack.callback(broker.stop)
        broker.start()
        broker.wait()
    return env | {"RABBITMQ_URL": broker.url}


def _with_servers(stack: ExitStack) -> dict[str, str]:
    home = _home()
    home.lock(f"Another test run uses {home.path}. Wait for it, or set PORTICO_HOME to another directory.")
    require_space(home.path, 1_000_000_000)
    servers = stack.enter_context(services.running_for_tests(home))
    return environment.for_tests(home, services=servers.env)


def _home() -> Home:
    return Home(Home.of_this_machine().room("test"))


def _checked(env: dict[str, str]) -> Trouble | None:
    try:
        check(_home(), env)
    except Trouble as trouble:
        return trouble
    return None


def _pytest(env: dict[str, str], words: Sequence[str]) -> int:
    return in_front([sys.executable, "-m", "pytest", *words], env)
