"""What shall be measured? All items, or those named: `python -m bench 3 5`. `make bench` provides the servers."""

import os
import sys
import time
from importlib import import_module

from bench import ground, report

ITEMS = {
    "1": "sign_in",
    "2": "statements",
    "3": "boundary",
    "4": "pickup",
    "5": "provisioning",
    "6": "sending",
    "7": "memory",
    "8": "client_list",
    "9": "uploading",
}


def main(wanted: list[str]) -> None:
    """Measure, print the table and, after a full run, write bench/results.md."""
    if unknown := set(wanted) - set(ITEMS):
        sys.exit(f"There is no item {', '.join(sorted(unknown))}; there are {', '.join(ITEMS)}.")
    began, load = time.monotonic(), os.getloadavg()[0]
    _settle_in()
    chapters = [_measure(item) for item in ITEMS if not wanted or item in wanted]
    print(f"\n{report.table(chapters)}\n")
    if not wanted:
        report.write(chapters, minutes=(time.monotonic() - began) / 60, load=load)
        print(f"Written to {report.RESULTS}.")


def _settle_in() -> None:
    """Make our own database and the businesses in it, and let this process work there as Portico does."""
    import django

    os.environ["DATABASE_URL"] = ground.fresh_database("bench_portico")
    django.setup()
    from django.core.management import call_command

    from bench import businesses

    call_command("migrate_businesses", verbosity=0)
    businesses.set_up()


def _measure(item: str) -> report.Chapter:
    module = import_module(f"bench.{ITEMS[item]}")
    began = time.monotonic()
    print(f"  {item}  {module.__doc__.splitlines()[0]:<90}", end="", flush=True)
    findings = module.measure()
    print(f"{time.monotonic() - began:6.1f} s", flush=True)
    for finding in findings:
        print("       ", " · ".join(cell for cell in finding.cells("") if cell), flush=True)
    return report.Chapter(item, " ".join(module.__doc__.split()), findings)


if __name__ == "__main__":
    main(sys.argv[1:])
