"""Book appointments that repeat, all of them or those that somebody has agreed to, and change them together."""

from portal.scheduling.services.series.occurrences import (
    Occurrence,
    OccurrenceProblem,
    SeriesPlan,
    list_planned_occurrences,
)
from portal.scheduling.services.series.series_booking import (
    NoTimeLeft,
    SeriesTimesTaken,
    UnknownOccurrence,
    book_series,
)
from portal.scheduling.services.series.series_changes import (
    ChangeScope,
    cancel_series_appointments,
    query_series_appointments,
)
from portal.scheduling.services.series.series_moves import NewWallTime, move_series_appointments

__all__ = [
    "ChangeScope",
    "NewWallTime",
    "NoTimeLeft",
    "Occurrence",
    "OccurrenceProblem",
    "SeriesPlan",
    "SeriesTimesTaken",
    "UnknownOccurrence",
    "book_series",
    "cancel_series_appointments",
    "list_planned_occurrences",
    "move_series_appointments",
    "query_series_appointments",
]
