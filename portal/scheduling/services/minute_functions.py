"""Database functions that return instants as minutes since 1970-01-01 00:00 UTC.

The driver makes a number out of each row's bytes some ten times faster than a time with a zone.
"""

from django.db.models import BigIntegerField, Func


class _WholeNumber(Func):
    """A function whose result the driver returns as it is needed, so that Django converts nothing."""

    output_field = BigIntegerField()

    def get_db_converters(self, connection):
        return []


class FloorMinutes(_WholeNumber):
    """The minute in which an instant lies."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint"


class CeilMinutes(_WholeNumber):
    """The first whole minute that is not before an instant."""

    template = "CEIL(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint"
