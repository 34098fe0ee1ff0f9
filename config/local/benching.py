"""On what does `make bench` measure? On servers that keep what they are told, and pages as browsers get them."""

import sys
from collections.abc import Sequence

from config.local import environment, services, setup
from config.local.home import Home, require_space
from config.local.testing import in_front

NEEDED = 3_000_000_000  # A thousand businesses are two gigabytes.


def run(items: Sequence[str]) -> int:
    """Measure the items that are named, all when none is, with servers and a home of their own."""
    home = Home(Home.of_this_machine().room("bench"))
    home.lock(f"Another bench uses {home.path}. Wait for it; two at once would measure one another.")
    require_space(home.path, NEEDED)
    with services.running(home) as servers:
        env = environment.for_tests(home, services=servers.env) | {"PORTICO_HOME": str(home.path)}
        setup.build_pages(home, env)
        return in_front([sys.executable, "-m", "bench", *items], env)
