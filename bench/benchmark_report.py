"""The measurements, their targets, and the table of both in bench/results.md."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
COLUMNS = ("", "what", "Portico", "compared with", "figure", "target", "")


@dataclass(frozen=True)
class MeasurementTarget:
    """The limit that a figure has to reach, or must not exceed."""

    sign: str
    limit: float

    def is_met_by(self, figure: float) -> bool:
        """Return whether a figure meets the target."""
        return figure >= self.limit if self.sign == "≥" else figure <= self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


def at_least(limit: float) -> MeasurementTarget:
    """Return a target that larger figures meet."""
    return MeasurementTarget("≥", limit)


def at_most(limit: float) -> MeasurementTarget:
    """Return a target that smaller figures meet."""
    return MeasurementTarget("≤", limit)


@dataclass(frozen=True)
class Measurement:
    """One row of the table. A row without a target explains the others."""

    what: str
    ours: str
    theirs: str
    figure: float
    unit: str = "×"
    target: MeasurementTarget | None = None

    @property
    def is_missed(self) -> bool:
        """Return whether there is a target and it was not met."""
        return self.target is not None and not self.target.is_met_by(self.figure)

    def build_cells(self, number: str) -> list[str]:
        """Return the cells of the row."""
        target = f"{self.target} {self.unit}" if self.target else ""
        result = "**missed**" if self.is_missed else "met" if self.target else ""
        return [number, self.what, self.ours, self.theirs, f"{self.figure:.3g} {self.unit}", target, result]


@dataclass(frozen=True)
class ReportSection:
    """One benchmark's number, its description and its rows."""

    number: str
    description: str
    measurements: Sequence[Measurement]


def render_table(sections: Sequence[ReportSection]) -> str:
    """Return the table in Markdown, aligned for a terminal."""
    rows = [
        COLUMNS,
        *(measurement.build_cells(section.number) for section in sections for measurement in section.measurements),
    ]
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write_report(sections: Sequence[ReportSection], *, minutes: float, load: float) -> None:
    """Write bench/results.md. `load` is the load average before the run."""
    notes = "\n\n".join(f"**{section.number}.** {section.description}" for section in sections)
    RESULTS.write_text(
        f"{_render_introduction(minutes, load)}\n{render_table(sections)}\n\n## How each was measured\n\n{notes}\n"
    )


def _render_introduction(minutes: float, load: float) -> str:
    return f"""# Benchmark results

`make bench`, {datetime.now(UTC):%d %B %Y, %H:%M} UTC, {minutes:.0f} minutes, commit {_get_commit()}.

{_describe_machine()}. Servers, workers, PostgreSQL, Redis, the provider and the load generator share this machine, for
both sides alike, so compare the ratios and distrust the absolute numbers. Each pair was measured in turn
(A B A B …) in one run on the same PostgreSQL, and each number is the median of its turns. {_describe_load(load)}
"""


def _describe_load(load: float) -> str:
    if load < 1:
        return "Nothing else ran on the machine."
    return f"Other work ran on the machine before we began (load average {load:.0f}), which lengthens every wait."


def _describe_machine() -> str:
    cpu = next(
        (line.partition(":")[2].strip() for line in _read_lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = sys.version.split()[0]
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GB, {platform.system()} {platform.release()}, Python {python}"


def _read_lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().split("\n")
    except OSError:
        return []


def _get_commit() -> str:
    completed = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=RESULTS.parent
    )
    return completed.stdout.strip() or "unknown"
