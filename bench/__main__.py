"""Runs all benchmarks, or those whose numbers are given: `python -m bench 3 5`. `make bench` provides the servers."""

import os
import sys
import time
from importlib import import_module

from bench import benchmark_report, measured_programs

BENCHMARKS = {
    "1": "sign_in_rate",
    "2": "statement_counts",
    "3": "boundary_request_rate",
    "4": "delivery_latency",
    "5": "provisioning_time",
    "6": "worker_cpu",
    "7": "process_memory",
    "8": "client_list_times",
    "9": "import_time",
    "10": "orm_comparison",
    "11": "slow_connections",
    "12": "workbook_memory",
    "13": "api_list_rate",
    "14": "bulk_upsert_time",
    "15": "webhook_rate",
    "16": "availability_time",
}


def main(selected: list[str]) -> None:
    """Measure, print the table and, after a full run, write bench/results.md."""
    if unknown := set(selected) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
    began, load = time.monotonic(), os.getloadavg()[0]
    _set_up_database()
    sections = [_build_report_section(number) for number in BENCHMARKS if not selected or number in selected]
    print(f"\n{benchmark_report.render_table(sections)}\n")
    if not selected:
        benchmark_report.write_report(sections, minutes=(time.monotonic() - began) / 60, load=load)
        print(f"Written to {benchmark_report.RESULTS}.")


def _set_up_database() -> None:
    """Create a database with businesses of its own, and configure Django in this process to use it."""
    import django

    os.environ["DATABASE_URL"] = measured_programs.fresh_database("bench_portico")
    django.setup()
    from django.core.management import call_command

    from bench import sample_businesses

    call_command("migrate_businesses", verbosity=0)
    sample_businesses.create_businesses_with_clients()


def _build_report_section(number: str) -> benchmark_report.ReportSection:
    module = import_module(f"bench.{BENCHMARKS[number]}")
    began = time.monotonic()
    print(f"  {number}  {module.__doc__.splitlines()[0]:<90}", end="", flush=True)
    measurements = module.run_benchmark()
    print(f"{time.monotonic() - began:6.1f} s", flush=True)
    for measurement in measurements:
        print("       ", " · ".join(cell for cell in measurement.build_cells("") if cell), flush=True)
    return benchmark_report.ReportSection(number, " ".join(module.__doc__.split()), measurements)


if __name__ == "__main__":
    main(sys.argv[1:])
