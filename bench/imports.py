"""Time and memory to import a list of 100,000 people.

A CSV file with first and last name, email, mobile, language, tags and a note. Ours is the whole import: received,
columns guessed, every row normalised and checked against the client list and the rest of the file, then written as
clients, contacts, tags, notes, search index and a timeline entry each.
PostgreSQL's COPY puts the same file unchanged into one table with a key and an index. Another COPY shows what the
indexes cost by which staff find a client: of the finished clients alone, into a table with all indexes but no
foreign keys. django-import-export puts the list into one table of text by default: a preview with the differences,
then the import. That takes minutes, so it gets every tenth row and is compared per row. Then the whole file without
preview or differences, in bulk. Each runs in a process of its own, ours and COPY in
turn; none is charged for the start of Python, and the memory is the peak of the process.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psycopg
from psycopg import sql

from bench import environment
from bench.report import Measurement, Target, at_most
from bench.stats import alternate

ROWS = 100_000
ROUNDS = 2
TENTH = 10
FIRST = (
    "Anna Ben Carla David Emma Fritz Greta Hans Ida Jonas Käthe Lukas Mia Nora Otto Paul Rosa Søren Ulla Zoë".split()
)
LAST = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Größer Öztürk Nguyễn O'Neill García".split()
TABLE = """CREATE TABLE copied (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_name text, last_name text,
    email text UNIQUE, mobile text, language text, tags text, note text)"""
COPY = "COPY copied (first_name, last_name, email, mobile, language, tags, note) FROM STDIN (FORMAT csv, HEADER)"


def measure() -> list[Measurement]:
    """Import the list in every way."""
    lines = list(_csv_lines())
    file, tenth = (environment.home.room("lists") / name for name in ("people.csv", "tenth.csv"))
    file.write_text("".join(lines), encoding="utf-8")
    tenth.write_text("".join([lines[0], *lines[1::TENTH]]), encoding="utf-8")
    url = environment.fresh_database("bench_imports")
    site = {"DJANGO_SETTINGS_MODULE": "bench.import_export_site.settings", "DATABASE_URL": url}
    try:
        ours, copied = alternate(ROUNDS, lambda: _run("portico", file, {}), lambda: _time_copy(url, file))
        clients_copied = [_time_copy_of_clients() for _round in range(ROUNDS)]
        default = _run("import-export", tenth, site)["seconds"] * TENTH
        in_bulk = _run("import-export-bulk", file, site)["seconds"]
    finally:
        environment.drop_database("bench_imports")
    seconds, peak = median(one["seconds"] for one in ours), max(one["peak_kb"] for one in ours) / 1024
    return [
        _compare("100,000 rows, COPY into one table", seconds, median(copied), at_most(15)),
        _compare("the same, COPY of finished clients", seconds, median(clients_copied)),
        _compare("the same, django-import-export", seconds, default, at_most(0.5)),
        _compare("the same, without preview, in bulk", seconds, in_bulk),
        Measurement("peak memory", f"{peak:.0f} MB RSS", "", peak, "MB", at_most(300)),
    ]


def _compare(what: str, ours: float, theirs: float, target: Target | None = None) -> Measurement:
    return Measurement(what, f"{ours:.1f} s", f"{theirs:.3g} s", ours / theirs, "×", target)


def _run(library: str, file: Path, settings: dict[str, str]) -> dict[str, float]:
    output = environment.run_module(environment.variables(**settings), "bench.import_once", library, str(file))
    return json.loads(output.splitlines()[-1])


def _time_copy(url: str, file: Path) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS copied")
        connection.execute(TABLE)
        began = time.perf_counter()
        with connection.cursor().copy(COPY) as copy, file.open("rb") as source:
            while chunk := source.read(1 << 20):
                copy.write(chunk)
        return time.perf_counter() - began


def _time_copy_of_clients() -> float:
    """Copy the clients of the newest business into a table with the same indexes; return the seconds."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        newest = connection.execute(
            "SELECT schema_name FROM tenants_business ORDER BY created_at DESC LIMIT 1"
        ).fetchone()
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(*(newest or ()))))
        with connection.cursor().copy("COPY clients_client TO STDOUT") as copy:
            chunks = list(copy)
        connection.execute("CREATE TABLE copied (LIKE clients_client INCLUDING ALL)")
        began = time.perf_counter()
        with connection.cursor().copy("COPY copied FROM STDIN") as copy:
            for chunk in chunks:
                copy.write(chunk)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE copied")
        return seconds


def _csv_lines() -> Iterator[str]:
    rng = random.Random(9)
    yield "First name,Last name,Email,Mobile,Language,Tags,Note\n"
    for number in range(ROWS):
        name = f"{rng.choice(FIRST)},{rng.choice(LAST)}"
        contacts = f"person.{number}@example{number % 97}.com,0{151 + number % 20} {10_000_000 + number}"
        rest = f"{rng.choice(['de', 'en', 'Deutsch', ''])},{rng.choice(['VIP', '', 'new', 'VIP; new'])}"
        yield f"{name},{contacts},{rest},{rng.choice(['', '', '', 'prefers mornings'])}\n"
