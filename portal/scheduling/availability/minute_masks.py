"""Sets of minutes as integers: bit i stands for the i-th minute, so that shifts and ANDs work on whole months."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from uuid import UUID

SET_BIT = re.compile("1")
# Integers of this many bits are cheap to shift; masks are put together from them. A multiple of 8.
CHUNK_BITS = 960
CHUNK_MASK = (1 << CHUNK_BITS) - 1


def build_mask(spans: Iterable[tuple[int, int]], origin: int, length: int) -> int:
    """Return the minutes of half-open spans, counted from `origin`; what lies outside of the mask is cut off."""
    chunks = [0] * (length // CHUNK_BITS + 1)
    for start, end in spans:
        start -= origin
        end -= origin
        if start < 0:
            start = 0
        if end > length:
            end = length
        if start < end:
            chunk, shift = divmod(start, CHUNK_BITS)
            chunks[chunk] |= ((1 << end - start) - 1) << shift
    return _join_chunks(chunks)


def build_grid_mask(grids: Iterable[tuple[int, int, int]], interval: int, length: int) -> int:
    """Return every n-th minute of spans, given as (start, end, first minute); all others are `interval` minutes on."""
    spans_by_phase: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end, first in grids:
        spans = spans_by_phase[first % interval]
        if spans and spans[-1][1] == start:
            start = spans.pop()[0]
        spans.append((start, end))
    comb = _build_comb(interval, length)
    mask = 0
    for phase, spans in spans_by_phase.items():
        shifted = comb << phase
        for start, end in spans:
            mask |= shifted & build_range_mask(start, min(end, length))
    return mask


def build_range_mask(start: int, end: int) -> int:
    """Return the minutes from `start` to before `end`, of which negative ones are cut off."""
    start = max(start, 0)
    return (1 << max(end - start, 0)) - 1 << start


def list_minutes(mask: int) -> list[int]:
    """Return the minutes of a set in order."""
    return [match.start() for match in SET_BIT.finditer(bin(mask)[:1:-1])]


class OwnerCache(dict[tuple[int, ...], tuple[UUID, ...]]):
    """Whose sets contain a minute, by whether each set does: many minutes share one tuple."""

    def __init__(self, owners: Iterable[UUID]) -> None:
        self._owners = tuple(owners)

    def __missing__(self, row: tuple[int, ...]) -> tuple[UUID, ...]:
        self[row] = owners = tuple(compress(self._owners, row))
        return owners


def list_owners(masks: Mapping[UUID, int], minutes: Sequence[int]) -> list[tuple[UUID, ...]]:
    """Return for each minute whose sets contain it. No set has others than these minutes."""
    if not minutes:
        return []
    owners, size = OwnerCache(masks), minutes[-1] // 8 + 1
    # The first byte, of which nothing is read, lets a single minute give a tuple as well.
    read_bytes = itemgetter(0, *(minute >> 3 for minute in minutes))
    columns = [read_bytes(mask.to_bytes(size, "little")) for mask in masks.values()]
    rows = list(zip(*columns, strict=True))[1:]
    if len({minute >> 3 for minute in minutes}) == len(minutes):
        return [owners[row] for row in rows]
    bits = (1 << (minute & 7) for minute in minutes)
    return [owners[tuple([byte & bit for byte in row])] for row, bit in zip(rows, bits, strict=True)]


class RunFinder:
    """Finds where runs of minutes start in one set. It keeps the runs of 1, 2, 4, 8… minutes for all lengths."""

    def __init__(self, mask: int) -> None:
        self._doublings = [mask]

    def find_starts(self, length: int) -> int:
        """Return the minutes at which `length` minutes (at least 1) in a row begin."""
        power = length.bit_length() - 1
        while len(self._doublings) <= power:
            runs = self._doublings[-1]
            self._doublings.append(runs & runs >> (1 << len(self._doublings) - 1))
        # Two runs of a power of two, which overlap or touch, make up any length in between.
        runs = self._doublings[power]
        return runs & runs >> length - (1 << power)


def _join_chunks(chunks: Iterable[int]) -> int:
    """Return one mask; bits of a chunk past its end belong to the following ones. The last has none there."""
    parts = []
    carried = 0
    for chunk in chunks:
        chunk |= carried
        parts.append((chunk & CHUNK_MASK).to_bytes(CHUNK_BITS // 8, "little"))
        carried = chunk >> CHUNK_BITS
    return int.from_bytes(b"".join(parts), "little")


def _build_comb(interval: int, length: int) -> int:
    """Return every n-th minute from minute 0 on, for at least so many minutes."""
    comb, covered = 1, interval
    while covered < length:
        comb |= comb << covered
        covered *= 2
    return comb
