"""How long does a new business take, and does it take longer when there are many, or after many migrations?

Ours is made from the blueprint; django-tenants' own way runs the same apps' migrations. For
the 10th and the 300th, two databases get the eleven around them in turn. One of them is
filled to 1,000 businesses of ours, then both ways make five more in turn, four times, each in
a process of its own. For the migrations, two databases that end in the same tables, one after
100 migrations more, get businesses in turn.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from statistics import median

from bench import ground
from bench.growing import history
from bench.report import Finding, at_least, at_most
from bench.turns import in_turn, medians
from config.local.home import PROJECT

EARLY, LATE, MANY = 10, 300, 1_000
AROUND = 5
DATABASES = ("many", "new", "short_history", "long_history")
ROUNDS = 4
A_TURN = 5
FEW = 25
MORE_MIGRATIONS = 100


class Creator:
    """A process that makes businesses when told to."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def create(self) -> float:
        """Make one and return the seconds it took."""
        self._process.stdin.write("another\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


def measure() -> list[Finding]:
    """Fill a database, and let others make businesses beside it at three moments."""
    with ExitStack() as stack:
        env = _migrated("many")
        many, new = stack.enter_context(_creator("ours", env)), stack.enter_context(_creator("ours", _migrated("new")))
        _fill(new, EARLY - AROUND)
        _fill(many, LATE - AROUND)
        early, late = medians(2 * AROUND + 1, new.create, many.create)
        _fill(many, MANY - LATE - AROUND)
        mine, other = _beside_django_tenants(many, env)
    short, long = _with_and_without_history()
    for name in DATABASES:
        ground.drop_database(f"bench_{name}")  # A server stops slowly that has fifty thousand tables to write down.
    return [
        Finding(
            f"a business beside {MANY:,}", _ms(mine), f"{_ms(other)} (django-tenants)", other / mine, target=at_least(8)
        ),
        Finding(
            f"the {LATE}th, and the {EARLY}th",
            _ms(late),
            f"{_ms(early)} the {EARLY}th",
            late / early,
            target=at_most(1.2),
        ),
        Finding(
            f"after {MORE_MIGRATIONS} migrations more",
            _ms(long),
            f"{_ms(short)} before",
            long / short,
            target=at_most(1.2),
        ),
    ]


def _migrated(name: str, **more: str) -> dict[str, str]:
    """Make a database that is ready for businesses; return the settings to make them with."""
    env = ground.environment(DATABASE_URL=ground.fresh_database(f"bench_{name}"), LOG_LEVEL="warning", **more)
    ground.python(env, "django", "migrate_businesses")
    return env


def _fill(creator: Creator, count: int) -> None:
    for _ in range(count):
        creator.create()


def _beside_django_tenants(ours: Creator, env: dict[str, str]) -> list[float]:
    rival = env | {"DJANGO_SETTINGS_MODULE": "bench.rival.settings"}
    ground.python(rival, "bench.rival.tables")
    with _creator("rival", rival) as theirs:
        theirs.create()
        return [median(chain(*turns)) for turns in in_turn(ROUNDS, lambda: _some(ours), lambda: _some(theirs))]


def _some(creator: Creator) -> list[float]:
    """Make a turn's businesses: the first ones of a turn pay for forgetting the catalogs the other side changed."""
    return [creator.create() for _ in range(A_TURN)]


def _with_and_without_history() -> list[float]:
    room = ground.home.room("migrations")
    with ExitStack() as stack:
        creators = []
        for name, count in (("short_history", 0), ("long_history", MORE_MIGRATIONS)):
            history.write(room, name, count)
            growing = {
                "DJANGO_SETTINGS_MODULE": "bench.growing.settings",
                "GROWING_ROOM": str(room),
                "GROWING_MIGRATIONS": name,
            }
            creators.append(stack.enter_context(_creator("ours", _migrated(name, **growing))))
            _fill(creators[-1], 1)
        return medians(FEW, *(creator.create for creator in creators))


@contextmanager
def _creator(way: str, env: dict[str, str]) -> Iterator[Creator]:
    command = [sys.executable, "-m", "bench.creating", way]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=env, cwd=PROJECT, text=True, **pipes) as process:
        yield Creator(process)
        process.stdin.close()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
