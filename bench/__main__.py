"""Runs all benchmarks, or those whose numbers are given: `python -m bench 3 5`. `make bench` provides the servers."""

import os
import sys
import time
from importlib import import_module

from bench import environment, report

BENCHMARKS = {
    "1": "sign_in",
    "2": "statements",
    "3": "business_boundary",
    "4": "latency",
    "5": "provisioning",
    "6": "worker_cpu",
    "7": "memory",
    "8": "client_list",
    "9": "imports",
    "10": "fast_path",
}


def main(selected: list[str]) -> None:
    """Measure, print the table and, after a full run, write bench/results.md."""
    if unknown := set(selected) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
    began, load = time.monotonic(), os.getloadavg()[0]
    _set_up()
    sections = [_run(number) for number in BENCHMARKS if not selected or number in selected]
    print(f"\n{report.render_table(sections)}\n")
    if not selected:
        report.write_report(sections, minutes=(time.monotonic() - began) / 60, load=load)
        print(f"Written to {report.RESULTS}.")


def _set_up() -> None:
    """Create a database with businesses of its own, and configure Django in this process to use it."""
    import django

    os.environ["DATABASE_URL"] = environment.fresh_database("bench_portico")
    django.setup()
    from django.core.management import call_command

    from bench import businesses

    call_command("migrate_businesses", verbosity=0)
    businesses.create_all()


def _run(number: str) -> report.ReportSection:
    module = import_module(f"bench.{BENCHMARKS[number]}")
    began = time.monotonic()
    print(f"  {number}  {module.__doc__.splitlines()[0]:<90}", end="", flush=True)
    measurements = module.measure()
    print(f"{time.monotonic() - began:6.1f} s", flush=True)
    for measurement in measurements:
        print("       ", " · ".join(cell for cell in measurement.cells("") if cell), flush=True)
    return report.ReportSection(number, " ".join(module.__doc__.split()), measurements)


if __name__ == "__main__":
    main(sys.argv[1:])
