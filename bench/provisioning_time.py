"""Time to create a business, alone, beside 1,000 others, and after 100 more migrations.

Portico restores a snapshot of the schema; django-tenants runs the same apps' migrations. For
the 10th and the 300th, two databases get the eleven around them in turn. One of them is
filled to 1,000 businesses of ours, then both create five more in turn, four times, each in
a process of its own. For the migrations, two databases with the same tables, one of them after
100 more migrations, get businesses in turn.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from statistics import median

from bench import measured_programs
from bench.benchmark_report import Measurement, at_least, at_most
from bench.migrations_site import migration_writer
from bench.timing_statistics import measure_medians, run_alternately
from config.local.state_dir import PROJECT_ROOT

EARLY, LATE, MANY = 10, 300, 1_000
NEIGHBOURS = 5
DATABASES = ("many", "new", "short_history", "long_history")
ROUNDS = 4
PER_ROUND = 5
HISTORY_ROUNDS = 25
EXTRA_MIGRATIONS = 100


class CreatorProcess:
    """A process that creates one business for each line it gets."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def create(self) -> float:
        """Create one business and return the seconds it took."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


def run_benchmark() -> list[Measurement]:
    """Fill a database, and time new businesses at three sizes."""
    with ExitStack() as stack:
        env = _create_database("many")
        many, new = (
            stack.enter_context(_start_creator_process("portico", env)),
            stack.enter_context(_start_creator_process("portico", _create_database("new"))),
        )
        _fill_database(new, EARLY - NEIGHBOURS)
        _fill_database(many, LATE - NEIGHBOURS)
        early, late = measure_medians(2 * NEIGHBOURS + 1, new.create, many.create)
        _fill_database(many, MANY - LATE - NEIGHBOURS)
        ours, theirs = _compare_with_django_tenants(many, env)
    short, long = _compare_migration_histories()
    for name in DATABASES:
        # A server stops slowly that has fifty thousand tables to flush.
        measured_programs.drop_database(f"bench_{name}")
    return [
        Measurement(
            f"a business beside {MANY:,}",
            _format_ms(ours),
            f"{_format_ms(theirs)} (django-tenants)",
            theirs / ours,
            target=at_least(8),
        ),
        Measurement(
            f"the {LATE}th, and the {EARLY}th",
            _format_ms(late),
            f"{_format_ms(early)} the {EARLY}th",
            late / early,
            target=at_most(1.2),
        ),
        Measurement(
            f"after {EXTRA_MIGRATIONS} more migrations",
            _format_ms(long),
            f"{_format_ms(short)} before",
            long / short,
            target=at_most(1.2),
        ),
    ]


def _create_database(name: str, **more: str) -> dict[str, str]:
    """Create a database that is ready for businesses; return the variables of programs that use it."""
    env = measured_programs.build_environment_variables(
        DATABASE_URL=measured_programs.fresh_database(f"bench_{name}"), LOG_LEVEL="warning", **more
    )
    measured_programs.run_module(env, "django", "migrate_businesses")
    return env


def _fill_database(creator: CreatorProcess, count: int) -> None:
    for _ in range(count):
        creator.create()


def _compare_with_django_tenants(ours: CreatorProcess, env: dict[str, str]) -> list[float]:
    django_tenants = env | {"DJANGO_SETTINGS_MODULE": "bench.django_tenants_site.settings"}
    measured_programs.run_module(django_tenants, "bench.django_tenants_site.create_tenant_tables")
    with _start_creator_process("django-tenants", django_tenants) as theirs:
        theirs.create()
        return [
            median(chain(*rounds))
            for rounds in run_alternately(ROUNDS, lambda: _time_creations(ours), lambda: _time_creations(theirs))
        ]


def _time_creations(creator: CreatorProcess) -> list[float]:
    """Create one round of businesses: the first of them pay for catalogs that the other side changed."""
    return [creator.create() for _ in range(PER_ROUND)]


def _compare_migration_histories() -> list[float]:
    directory = measured_programs.home.subdirectory("migrations")
    with ExitStack() as stack:
        creators = []
        for name, count in (("short_history", 0), ("long_history", EXTRA_MIGRATIONS)):
            migration_writer.write_migrations(directory, name, count)
            variables = {
                "DJANGO_SETTINGS_MODULE": "bench.migrations_site.settings",
                "MIGRATIONS_DIR": str(directory),
                "MIGRATIONS_MODULE": name,
            }
            creators.append(stack.enter_context(_start_creator_process("portico", _create_database(name, **variables))))
            _fill_database(creators[-1], 1)
        return measure_medians(HISTORY_ROUNDS, *(creator.create for creator in creators))


@contextmanager
def _start_creator_process(library: str, env: dict[str, str]) -> Iterator[CreatorProcess]:
    command = [sys.executable, "-m", "bench.create_businesses", library]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=env, cwd=PROJECT_ROOT, text=True, **pipes) as process:
        yield CreatorProcess(process)
        process.stdin.close()


def _format_ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
