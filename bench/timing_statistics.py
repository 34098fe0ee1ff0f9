"""Measures several things alternately, so that disturbances hit all of them, and summarises the results."""

from collections.abc import Callable
from statistics import median
from typing import Any


def run_alternately(rounds: int, *measures: Callable[[], Any]) -> list[list[Any]]:
    """Run each function in turn, round after round; return the results of each, in order."""
    results = [[measure() for measure in measures] for _round in range(rounds)]
    return [list(column) for column in zip(*results, strict=True)]


def measure_medians(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Run each function in turn and return the median result of each."""
    return [median(column) for column in run_alternately(rounds, *measures)]


def compute_percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
