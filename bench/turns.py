"""How are two things measured fairly? In turn, several times, so that both meet the same bad moments."""

from collections.abc import Callable
from statistics import median
from typing import Any


def in_turn(rounds: int, *measures: Callable[[], Any]) -> list[list[Any]]:
    """Measure each in turn, round after round; return what each one measured, in order."""
    taken = [[measure() for measure in measures] for _round in range(rounds)]
    return [list(column) for column in zip(*taken, strict=True)]


def medians(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Measure each in turn and return the median of each."""
    return [median(column) for column in in_turn(rounds, *measures)]


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
