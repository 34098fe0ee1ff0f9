"""A month of the console's calendar: for each day how much is booked, and what comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.scheduling.console.calendar_blocks import CalendarBlock, select_blocks_of_day
from portal.scheduling.console.calendar_range import CalendarRange, CalendarView

# A day shows so many blocks, and the number of the rest.
SHOWN_BLOCKS = 3


@dataclass(frozen=True)
class MonthDay:
    """One day of the month, or of the weeks at its ends; `link` shows it."""

    day: date
    is_in_month: bool
    blocks: Sequence[CalendarBlock]
    link: CalendarRange

    @property
    def shown_blocks(self) -> Sequence[CalendarBlock]:
        """Return the first blocks of the day."""
        return self.blocks[:SHOWN_BLOCKS]

    @property
    def hidden_count(self) -> int:
        """Return how many more there are."""
        return max(len(self.blocks) - SHOWN_BLOCKS, 0)


def build_month(shown: CalendarRange, blocks: Sequence[CalendarBlock], zone: ZoneInfo) -> list[MonthDay]:
    """Return the days of the weeks that a month touches."""
    return [
        MonthDay(
            day=day,
            is_in_month=day.month == shown.day.month,
            blocks=select_blocks_of_day(blocks, day, zone),
            link=shown.show(CalendarView.DAY, day),
        )
        for day in shown.days
    ]
