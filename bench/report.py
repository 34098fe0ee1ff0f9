"""What was found, and was it what we promised?"""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
HEAD = ("", "what", "Portico", "compared with", "figure", "target", "")


@dataclass(frozen=True)
class Target:
    """What a figure has to reach, or must not exceed."""

    sign: str
    limit: float

    def met_by(self, figure: float) -> bool:
        """Tell whether a figure is good enough."""
        return figure >= self.limit if self.sign == "≥" else figure <= self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


def at_least(limit: float) -> Target:
    """The more the better."""
    return Target("≥", limit)


def at_most(limit: float) -> Target:
    """The less the better."""
    return Target("≤", limit)


@dataclass(frozen=True)
class Finding:
    """One line of the table. Without a target it is there to explain the others."""

    what: str
    ours: str
    theirs: str
    figure: float
    unit: str = "×"
    target: Target | None = None

    @property
    def missed(self) -> bool:
        """Tell whether there is a target and it was not reached."""
        return self.target is not None and not self.target.met_by(self.figure)

    def cells(self, item: str) -> list[str]:
        """Return the line, cell by cell."""
        target = f"{self.target} {self.unit}" if self.target else ""
        verdict = "**missed**" if self.missed else "met" if self.target else ""
        return [item, self.what, self.ours, self.theirs, f"{self.figure:.3g} {self.unit}", target, verdict]


@dataclass(frozen=True)
class Chapter:
    """What one item found: the question it asked, how it asked, and the lines."""

    item: str
    question: str
    findings: Sequence[Finding]


def table(chapters: Sequence[Chapter]) -> str:
    """Return the table as people read it in a terminal and as Markdown shows it."""
    rows = [HEAD, *(finding.cells(chapter.item) for chapter in chapters for finding in chapter.findings)]
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(chapters: Sequence[Chapter], *, minutes: float, load: float) -> None:
    """Write bench/results.md. `load` is what the machine had to do before we came, in running processes."""
    notes = "\n\n".join(f"**{chapter.item}.** {chapter.question}" for chapter in chapters)
    RESULTS.write_text(f"{_head(minutes, load)}\n{table(chapters)}\n\n## How each was measured\n\n{notes}\n")


def _head(minutes: float, load: float) -> str:
    return f"""# What is fast here, measured side by side

`make bench`, {datetime.now(UTC):%d %B %Y, %H:%M} UTC, {minutes:.0f} minutes, commit {_commit()}.

{_machine()}. Servers, workers, PostgreSQL, Redis, the provider and whoever asks share this machine, for
both sides alike, so compare the ratios and distrust the absolute numbers. Each pair was measured in turn
(A B A B …) in one run on the same PostgreSQL, and each number is the median of its turns. {_others(load)}
"""


def _others(load: float) -> str:
    if load < 1:
        return "Nothing else ran on the machine."
    return f"Other work ran on the machine before we began (load average {load:.0f}), which lengthens every wait."


def _machine() -> str:
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = sys.version.split()[0]
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GB, {platform.system()} {platform.release()}, Python {python}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().split("\n")
    except OSError:
        return []


def _commit() -> str:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=RESULTS.parent)
    return asked.stdout.strip() or "unknown"
