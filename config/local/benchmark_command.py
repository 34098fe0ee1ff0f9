"""`make bench`: runs the benchmarks on servers of its own that write to disk, and on compiled assets."""

import sys
from collections.abc import Sequence

from config.local import environment, frontend_build, local_services
from config.local.state_dir import StateDir, require_free_space
from config.local.testing_commands import run_in_foreground

MIN_FREE_SPACE = 3_000_000_000  # A thousand businesses are two gigabytes.


def run_benchmarks(items: Sequence[str]) -> int:
    """Run the named benchmarks, or all when none is named, with servers and a state directory of their own."""
    state_dir = StateDir(StateDir.from_environment().subdirectory("bench"))
    state_dir.acquire_lock(f"Another bench uses {state_dir.path}. Wait for it; two at once would measure one another.")
    require_free_space(state_dir.path, MIN_FREE_SPACE)
    with local_services.running_services(state_dir) as servers:
        env = environment.build_test_env(state_dir, services=servers.server_urls) | {
            "PORTICO_HOME": str(state_dir.path)
        }
        frontend_build.build_frontend(state_dir, env)
        return run_in_foreground([sys.executable, "-m", "bench", *items], env)
