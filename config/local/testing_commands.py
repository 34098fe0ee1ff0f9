"""The commands that run checks and tests, with the servers, browser and broker that they need."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from config.local import environment, flaky_tests, frontend_build, local_services
from config.local.chromium import find_or_install_chromium
from config.local.code_checks import run_checks
from config.local.errors import CommandError
from config.local.rabbitmq import find_or_install_rabbitmq
from config.local.state_dir import PROJECT_ROOT, StateDir, require_free_space
from config.local.step_tracking import print_step

# Each has a number of Redis's sixteen databases to itself.
WORKERS = min(os.cpu_count() or 2, 14)
# One more than there are cores: tests that kill a server wait most of the time.
ALL_TESTS = ("-n", str(WORKERS + 1), "--dist", "worksteal")
FAST_TESTS = (
    "-n",
    str(WORKERS),
    "--dist",
    "worksteal",
    "-m",
    "not browser and not faults and not rabbitmq and not slow",
)


def run_checks_and_tests() -> int:
    """Run the checks and every test; the tests run even when a check fails."""
    with ExitStack() as stack:
        env = _prepare_test_environment(stack)
        error = _run_checks(env)
        result = flaky_tests.run_with_reruns(
            ALL_TESTS, lambda args: _run_pytest(env, args), folder=_build_test_state_dir().path / "flaky"
        )
    if error:
        print(f"\n{error}", file=sys.stderr, flush=True)
    result.print_flaky_tests()
    return result.code or int(error is not None)


def run_selected_tests(paths: Sequence[str]) -> int:
    """Run the tests that pytest's arguments select."""
    with ExitStack() as stack:
        return _run_pytest(_prepare_test_environment(stack), paths)


def run_fast_tests(paths: Sequence[str]) -> int:
    """Run the tests that need no browser, kill no process and are not marked as slow."""
    with ExitStack() as stack:
        env = _start_test_servers(stack)
        frontend_build.compile_translations()
        return _run_pytest(env, [*FAST_TESTS, *paths])


def run_fuzzing(examples: Sequence[str]) -> int:
    """Send made-up requests to every operation of the API: each as many as the argument says, or 300."""
    with ExitStack() as stack:
        env = _start_test_servers(stack) | {"FUZZ_EXAMPLES": examples[0] if examples else "300"}
        return _run_pytest(env, ["-n", str(WORKERS), "tests/attacks/test_api_fuzzing.py"])


def run_checks_only() -> int:
    """Run the checks without any server."""
    state_dir = StateDir(StateDir.from_environment().subdirectory("check"))
    run_checks(state_dir, _build_env_without_servers(state_dir))
    return 0


def write_api_schemas(options: Sequence[str]) -> int:
    """Write the schemas of the API to docs/openapi without any server."""
    env = _build_env_without_servers(StateDir(StateDir.from_environment().subdirectory("check")))
    return run_in_foreground([sys.executable, "manage.py", "write_api_schemas", *options], env)


def run_command(command: Sequence[str]) -> int:
    """Run any command with the tests' settings, and with PostgreSQL and Redis while it runs."""
    with ExitStack() as stack:
        return run_in_foreground(command, _start_test_servers(stack))


def run_in_foreground(command: Sequence[str], env: dict[str, str]) -> int:
    """Run a command on this terminal; when we are interrupted, it is interrupted too and gets time to clean up."""
    program = subprocess.Popen(command, env=env, cwd=PROJECT_ROOT, start_new_session=not os.isatty(0))
    try:
        return program.wait()
    except KeyboardInterrupt:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
        raise


def _build_env_without_servers(state_dir: StateDir) -> dict[str, str]:
    # Django warns if the folder is missing before the first build.
    (frontend_build.ASSETS / "dist").mkdir(exist_ok=True)
    unreachable = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    return environment.build_test_env(state_dir, services=unreachable)


def _prepare_test_environment(stack: ExitStack) -> dict[str, str]:
    """Start and build all that any test needs, and return the environment."""
    env = _start_test_servers(stack)
    state_dir = _build_test_state_dir()
    frontend_build.build_frontend(state_dir, env)
    env["CHROMIUM"] = find_or_install_chromium(state_dir, env)
    broker = find_or_install_rabbitmq(state_dir, env)
    if isinstance(broker, str):
        return env | {"RABBITMQ_MISSING": broker}
    with print_step("RabbitMQ"):
        stack.callback(broker.stop)
        broker.start()
        broker.wait_until_ready()
    return env | {"RABBITMQ_URL": broker.connection_url}


def _start_test_servers(stack: ExitStack) -> dict[str, str]:
    state_dir = _build_test_state_dir()
    state_dir.acquire_lock(
        f"Another test run uses {state_dir.path}. Wait for it, or set PORTICO_HOME to another directory."
    )
    require_free_space(state_dir.path, 1_000_000_000)
    servers = stack.enter_context(local_services.running_test_services(state_dir))
    return environment.build_test_env(state_dir, services=servers.server_urls)


def _build_test_state_dir() -> StateDir:
    return StateDir(StateDir.from_environment().subdirectory("test"))


def _run_checks(env: dict[str, str]) -> CommandError | None:
    try:
        run_checks(_build_test_state_dir(), env)
    except CommandError as error:
        return error
    return None


def _run_pytest(env: dict[str, str], args: Sequence[str]) -> int:
    return run_in_foreground([sys.executable, "-m", "pytest", *args], env)
