"""Places blocks in the grid of a day or a week: rows of a quarter of an hour, and tracks where blocks overlap.

The grid counts minutes of the wall clock. On the day when clocks go back, what happens in the hour that is shown twice
stands in the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.scheduling.console.calendar_blocks import CalendarBlock

MINUTES_OF_A_DAY = 1440
MINUTES_OF_A_ROW = 15
ROWS_OF_AN_HOUR = 60 // MINUTES_OF_A_ROW
# A cell, which leads to a new appointment, is half an hour.
ROWS_OF_A_CELL = 2
# Into so many tracks the width of a column can be divided; a block beyond the last shares it.
TRACK_COUNTS = (1, 2, 3, 4, 6)
# The hours that are shown of a day on which nobody works.
USUAL_HOURS = (8, 18)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class ColumnContent:
    """What one column of the grid is of: a day, of one calendar or of all, with its opening hours."""

    day: date
    label: str
    blocks: Sequence[CalendarBlock]
    open_spans: Sequence[Span] = ()
    calendar_id: UUID | None = None

    @property
    def query(self) -> str:
        """Return the query string that fills the day and the calendar into a form."""
        whose = {"calendar": str(self.calendar_id)} if self.calendar_id else {}
        return urlencode({"day": self.day.isoformat(), **whose})


@dataclass(frozen=True)
class Cell:
    """Half an hour of a column: `time` is written as 09:30."""

    time: str
    row: int
    is_open: bool


@dataclass(frozen=True)
class PlacedBlock:
    """A block with its first row, its number of rows, and its track of how many, such as 1-2."""

    block: CalendarBlock
    row: int
    rows: int
    track: str


@dataclass(frozen=True)
class Column:
    """One column of the grid."""

    content: ColumnContent
    cells: list[Cell]
    blocks: list[PlacedBlock]


@dataclass(frozen=True)
class Grid:
    """The grid: its hours, each with its row, and its columns."""

    hours: list[tuple[str, int]]
    columns: list[Column]


def build_grid(contents: Sequence[ColumnContent], zone: ZoneInfo) -> Grid:
    """Return the columns with the hours that their opening times and blocks need."""
    first, last = _choose_hours(contents, zone)
    hours = [(f"{hour:02d}:00", (hour - first) * ROWS_OF_AN_HOUR + 1) for hour in range(first, last)]
    return Grid(hours, [_build_column(content, first, last, zone) for content in contents])


def _build_column(content: ColumnContent, first: int, last: int, zone: ZoneInfo) -> Column:
    minutes = [_clip((block.starts_at, block.ends_at), content.day, zone) for block in content.blocks]
    ranges = [_to_rows(start, end, first) for start, end in minutes]
    tracks = _assign_tracks(ranges)
    placed = [
        PlacedBlock(block, row=start + 1, rows=end - start, track=track)
        for block, (start, end), track in zip(content.blocks, ranges, tracks, strict=True)
    ]
    opened = [_clip(span, content.day, zone) for span in content.open_spans]
    return Column(content, _build_cells(opened, first, last), placed)


def _choose_hours(contents: Sequence[ColumnContent], zone: ZoneInfo) -> tuple[int, int]:
    """Return the first hour that is shown and the one before which the grid ends."""
    spans = [
        _clip(span, content.day, zone)
        for content in contents
        for span in (*content.open_spans, *((block.starts_at, block.ends_at) for block in content.blocks))
    ]
    spans = [(start, end) for start, end in spans if start < end]
    if not spans:
        return USUAL_HOURS
    first, last = min(start for start, _end in spans) // 60, -(-max(end for _start, end in spans) // 60)
    return first, max(last, first + 1)


def _clip(span: Span, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the part of a range of instants that lies on a day, as minutes after its midnight."""
    starts, ends = (_count_minutes(at, day, zone) for at in span)
    return min(max(starts, 0), MINUTES_OF_A_DAY), min(max(ends, 0), MINUTES_OF_A_DAY)


def _count_minutes(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return (local.date() - day).days * MINUTES_OF_A_DAY + local.hour * 60 + local.minute


def _to_rows(start: int, end: int, first_hour: int) -> tuple[int, int]:
    """Return the first row and the one after the last; at least one, however short or turned back the time is."""
    offset = first_hour * ROWS_OF_AN_HOUR
    first = start // MINUTES_OF_A_ROW - offset
    return first, max(-(-end // MINUTES_OF_A_ROW) - offset, first + 1)


def _build_cells(opened: Iterable[tuple[int, int]], first: int, last: int) -> list[Cell]:
    spans = list(opened)
    length = ROWS_OF_A_CELL * MINUTES_OF_A_ROW
    return [
        Cell(
            time=f"{minute // 60:02d}:{minute % 60:02d}",
            row=(minute // MINUTES_OF_A_ROW) - first * ROWS_OF_AN_HOUR + 1,
            is_open=any(start <= minute < end for start, end in spans),
        )
        for minute in range(first * 60, last * 60, length)
    ]


def _assign_tracks(ranges: Sequence[tuple[int, int]]) -> list[str]:
    """Return a track for each range of rows; ranges that overlap, even through others, share the width."""
    tracks: dict[int, int] = {}
    groups: list[list[int]] = []
    ends: list[int] = []
    for index in sorted(range(len(ranges)), key=lambda at: ranges[at]):
        start, end = ranges[index]
        if not ends or start >= max(ends):
            groups.append([])
            ends = []
        track = next((at for at, taken_until in enumerate(ends) if taken_until <= start), len(ends))
        ends[track : track + 1] = [end]
        tracks[index] = track
        groups[-1].append(index)
    names = {index: name for group in groups for index, name in _name_tracks(group, tracks)}
    return [names[index] for index in range(len(ranges))]


def _name_tracks(group: list[int], tracks: dict[int, int]) -> Iterable[tuple[int, str]]:
    needed = max(tracks[index] for index in group) + 1
    count = next((count for count in TRACK_COUNTS if count >= needed), TRACK_COUNTS[-1])
    return ((index, f"{min(tracks[index] + 1, count)}-{count}") for index in group)
