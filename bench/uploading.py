"""How long does a list of 100,000 people take, and how much memory?

A CSV file with first and last name, email, mobile, language, tags and a note. Ours is the whole way:
received, guessed, every row brought to normal form and checked against the client list and the rest
of the file, then written as clients, addresses, tags, notes, search index and a line each on the timeline.
PostgreSQL's COPY puts the same file as it is into one table with a key and an index. What the indexes cost by which
staff find a client, another COPY tells: of the clients alone, ready made, into a table with all that theirs has but
foreign keys. django-import-export puts the list into one table of text, as it comes: a preview with the differences,
then the import. That takes minutes, so it gets every tenth row and is compared per row. Then the whole file with all
it can be told to leave out: no preview, no differences, in bulk. Each runs in a process of its own, ours and COPY in
turn; none is charged for the start of Python, and the memory is the most the process ever held.
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

from bench import ground
from bench.report import Finding, Target, at_most
from bench.turns import in_turn

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


def measure() -> list[Finding]:
    """Take the list over in every way."""
    lines = list(_lines())
    file, tenth = (ground.home.room("lists") / name for name in ("people.csv", "tenth.csv"))
    file.write_text("".join(lines), encoding="utf-8")
    tenth.write_text("".join([lines[0], *lines[1::TENTH]]), encoding="utf-8")
    url = ground.fresh_database("bench_uploading")
    site = {"DJANGO_SETTINGS_MODULE": "bench.uploading_site.settings", "DATABASE_URL": url}
    try:
        ours, copied = in_turn(ROUNDS, lambda: _taken("ours", file, {}), lambda: _copied(url, file))
        ready_made = [_copied_ready_made() for _round in range(ROUNDS)]
        as_it_comes = _taken("rival", tenth, site)["seconds"] * TENTH
        in_bulk = _taken("rival-in-bulk", file, site)["seconds"]
    finally:
        ground.drop_database("bench_uploading")
    mine, peak = median(one["seconds"] for one in ours), max(one["peak_kb"] for one in ours) / 1024
    return [
        _against("100,000 rows, COPY into one table", mine, median(copied), at_most(15)),
        _against("the same, COPY of clients ready made", mine, median(ready_made)),
        _against("the same, django-import-export", mine, as_it_comes, at_most(0.5)),
        _against("the same, without preview, in bulk", mine, in_bulk),
        Finding("the most memory it held", f"{peak:.0f} MB RSS", "", peak, "MB", at_most(300)),
    ]


def _against(what: str, ours: float, theirs: float, target: Target | None = None) -> Finding:
    return Finding(what, f"{ours:.1f} s", f"{theirs:.3g} s", ours / theirs, "×", target)


def _taken(way: str, file: Path, settings: dict[str, str]) -> dict[str, float]:
    said = ground.python(ground.environment(**settings), "bench.taking_over", way, str(file))
    return json.loads(said.splitlines()[-1])


def _copied(url: str, file: Path) -> float:
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("DROP TABLE IF EXISTS copied")
        line.execute(TABLE)
        began = time.perf_counter()
        with line.cursor().copy(COPY) as copy, file.open("rb") as source:
            while piece := source.read(1 << 20):
                copy.write(piece)
        return time.perf_counter() - began


def _copied_ready_made() -> float:
    """Copy the clients of the business that came last into a table like theirs, indexes and all."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as line:
        newest = line.execute("SELECT schema_name FROM tenants_business ORDER BY created_at DESC LIMIT 1").fetchone()
        line.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(*(newest or ()))))
        with line.cursor().copy("COPY clients_client TO STDOUT") as copy:
            pieces = list(copy)
        line.execute("CREATE TABLE copied (LIKE clients_client INCLUDING ALL)")
        began = time.perf_counter()
        with line.cursor().copy("COPY copied FROM STDIN") as copy:
            for piece in pieces:
                copy.write(piece)
        took = time.perf_counter() - began
        line.execute("DROP TABLE copied")
        return took


def _lines() -> Iterator[str]:
    chance = random.Random(9)
    yield "First name,Last name,Email,Mobile,Language,Tags,Note\n"
    for number in range(ROWS):
        name = f"{chance.choice(FIRST)},{chance.choice(LAST)}"
        ways = f"person.{number}@example{number % 97}.com,0{151 + number % 20} {10_000_000 + number}"
        rest = f"{chance.choice(['de', 'en', 'Deutsch', ''])},{chance.choice(['VIP', '', 'new', 'VIP; new'])}"
        yield f"{name},{ways},{rest},{chance.choice(['', '', '', 'prefers mornings'])}\n"
