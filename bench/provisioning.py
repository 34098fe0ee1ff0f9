"""How long does a new business take, and does it take longer when there are many, or after many migrations?

Ours is made from the blueprint; django-tenants' own way runs the same apps' migrations. One
database is filled with 1,000 businesses of ours, then both make five more in turn, each in a
process of its own that has made some before. The 10th and the 300th are medians of the eleven
around them. For the migrations, two databases that end in the same tables, one after 100
migrations more, get businesses in turn.
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

MANY = 1_000
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
    """Fill a database, then let both make more."""
    env = ground.environment(DATABASE_URL=ground.fresh_database("bench_many"), LOG_LEVEL="warning")
    ground.python(env, "django", "migrate_businesses")
    rival = env | {"DJANGO_SETTINGS_MODULE": "bench.rival.settings"}
    ground.python(rival, "bench.rival.tables")
    with _creator("ours", env) as ours, _creator("rival", rival) as theirs:
        took = [_with_progress(number, ours) for number in range(MANY)]
        theirs.create()
        mine, other = (median(chain(*turns)) for turns in in_turn(ROUNDS, lambda: _some(ours), lambda: _some(theirs)))
    early, late = median(took[4:15]), median(took[294:305])
    few, many = _with_and_without_history()
    return [
        Finding(
            f"a business beside {MANY:,}", _ms(mine), f"{_ms(other)} (django-tenants)", other / mine, target=at_least(8)
        ),
        Finding("the 300th, and the 10th", _ms(late), _ms(early), late / early, target=at_most(1.2)),
        Finding(
            f"after {MORE_MIGRATIONS} migrations more", _ms(many), f"{_ms(few)} before", many / few, target=at_most(1.2)
        ),
    ]


def _some(creator: Creator) -> list[float]:
    """Make a turn's businesses: the first ones of a turn pay for forgetting the catalogs the other side changed."""
    return [creator.create() for _ in range(A_TURN)]


def _with_progress(number: int, creator: Creator) -> float:
    if number % 250 == 249:
        print("·", end="", flush=True)
    return creator.create()


def _with_and_without_history() -> list[float]:
    room = ground.home.room("migrations")
    with ExitStack() as stack:
        creators = []
        for name, count in (("few", 0), ("many", MORE_MIGRATIONS)):
            history.write(room, name, count)
            env = ground.environment(
                DATABASE_URL=ground.fresh_database(f"bench_{name}_migrations"),
                DJANGO_SETTINGS_MODULE="bench.growing.settings",
                GROWING_ROOM=str(room),
                GROWING_MIGRATIONS=name,
                LOG_LEVEL="warning",
            )
            ground.python(env, "django", "migrate_businesses")
            creators.append(stack.enter_context(_creator("ours", env)))
        for creator in creators:
            creator.create()
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
