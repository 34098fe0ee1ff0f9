"""Time and memory to import a list of 100,000 people.

A CSV file with first and last name, email, mobile, language, tags and a note. Ours is the whole import: received,
columns guessed, every row normalised and checked against the client list and the rest of the file, then written as
clients, contacts, tags, notes, search index and a timeline entry each.
PostgreSQL's COPY puts the finished rows of the same list into tables of the same columns and indexes, but no foreign
keys: clients, contacts, tags, notes and timeline. Another COPY puts the file unchanged into one table.
django-import-export puts the list into one table of text by default: a preview with the differences, then the import.
That takes minutes, so it gets every tenth row and is compared per row. Then the whole file without preview or
differences, in bulk. Each runs in a process of its own, ours and COPY in turn; none is charged for the start of Python,
and the memory is the peak of the process.
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

from bench import measured_programs
from bench.benchmark_report import Measurement, MeasurementTarget, at_most
from bench.timing_statistics import run_alternately

ROWS = 100_000
ROUNDS = 2
TENTH = 10
TABLES = ("clients_client", "clients_contact", "clients_tag", "clients_client_tags", "clients_note", "activity_entry")
FIRST = (
    "Anna Ben Carla David Emma Fritz Greta Hans Ida Jonas Käthe Lukas Mia Nora Otto Paul Rosa Søren Ulla Zoë".split()
)
LAST = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Größer Öztürk Nguyễn O'Neill García".split()
TABLE = """CREATE TABLE copied (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_name text, last_name text,
    email text UNIQUE, mobile text, language text, tags text, note text)"""
COPY = "COPY copied (first_name, last_name, email, mobile, language, tags, note) FROM STDIN (FORMAT csv, HEADER)"


def run_benchmark() -> list[Measurement]:
    """Import the list in every way."""
    lines = list(_generate_csv_lines())
    file, tenth = (measured_programs.home.subdirectory("lists") / name for name in ("people.csv", "tenth.csv"))
    file.write_text("".join(lines), encoding="utf-8")
    tenth.write_text("".join([lines[0], *lines[1::TENTH]]), encoding="utf-8")
    url = measured_programs.fresh_database("bench_imports")
    site = {"DJANGO_SETTINGS_MODULE": "bench.import_export_site.settings", "DATABASE_URL": url}
    try:
        ours, copied = run_alternately(
            ROUNDS, lambda: _run_import_process("portico", file, {}), lambda: _time_csv_copy(url, file)
        )
        tables_copied = [_time_copy_of_tables() for _round in range(ROUNDS)]
        default = _run_import_process("import-export", tenth, site)["seconds"] * TENTH
        in_bulk = _run_import_process("import-export-bulk", file, site)["seconds"]
    finally:
        measured_programs.drop_database("bench_imports")
    seconds, peak = median(run["seconds"] for run in ours), max(run["peak_kb"] for run in ours) / 1024
    return [
        _build_import_measurement(
            "100,000 rows, COPY into the same tables", seconds, median(tables_copied), at_most(4)
        ),
        _build_import_measurement("the same, COPY into one table", seconds, median(copied)),
        _build_import_measurement("the same, django-import-export", seconds, default, at_most(0.5)),
        _build_import_measurement("the same, without preview, in bulk", seconds, in_bulk),
        Measurement("peak memory", f"{peak:.0f} MB RSS", "", peak, "MB", at_most(300)),
    ]


def _build_import_measurement(
    what: str, ours: float, theirs: float, target: MeasurementTarget | None = None
) -> Measurement:
    return Measurement(what, f"{ours:.1f} s", f"{theirs:.3g} s", ours / theirs, "×", target)


def _run_import_process(library: str, file: Path, settings: dict[str, str]) -> dict[str, float]:
    output = measured_programs.run_module(
        measured_programs.build_environment_variables(**settings), "bench.import_client_list", library, str(file)
    )
    return json.loads(output.splitlines()[-1])


def _time_csv_copy(url: str, file: Path) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS copied")
        connection.execute(TABLE)
        began = time.perf_counter()
        with connection.cursor().copy(COPY) as copy, file.open("rb") as source:
            while chunk := source.read(1 << 20):
                copy.write(chunk)
        return time.perf_counter() - began


def _time_copy_of_tables() -> float:
    """Copy what the newest business has in TABLES into tables with the same columns and indexes; return the seconds."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        newest = connection.execute(
            "SELECT schema_name FROM tenants_business ORDER BY created_at DESC LIMIT 1"
        ).fetchone()
        connection.execute(sql.SQL("SET search_path TO {}, public").format(sql.Identifier(*(newest or ()))))
        return sum(_time_copy_of_table(connection, table) for table in TABLES)


def _time_copy_of_table(connection: psycopg.Connection, table: str) -> float:
    original = sql.Identifier(table)
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(original)) as copy:
        chunks = list(copy)
    connection.execute(sql.SQL("CREATE TABLE copied (LIKE {} INCLUDING ALL)").format(original))
    began = time.perf_counter()
    with connection.cursor().copy("COPY copied FROM STDIN") as copy:
        for chunk in chunks:
            copy.write(chunk)
    seconds = time.perf_counter() - began
    connection.execute("DROP TABLE copied")
    return seconds


def _generate_csv_lines() -> Iterator[str]:
    rng = random.Random(9)
    yield "First name,Last name,Email,Mobile,Language,Tags,Note\n"
    for number in range(ROWS):
        name = f"{rng.choice(FIRST)},{rng.choice(LAST)}"
        contacts = f"person.{number}@example{number % 97}.com,0{168 + number % 12} {10_000_000 + number}"
        rest = f"{rng.choice(['de', 'en', 'Deutsch', ''])},{rng.choice(['VIP', '', 'new', 'VIP; new'])}"
        yield f"{name},{contacts},{rest},{rng.choice(['', '', '', 'prefers mornings'])}\n"
