"""Fields of serializers: texts that people read, with the one rule for what can't be seen, and instants."""

from datetime import UTC, datetime, tzinfo
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers

from tenants.text_cleaning import clean_line, clean_lines


class SingleLineField(serializers.CharField):
    """A text that becomes one line, without what can't be seen."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Judge whether the text is empty after it was cleaned."""
        return super().run_validation(_clean(data, clean_line))


class MultiLineField(serializers.CharField):
    """A text of several lines, without what can't be seen."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Judge whether the text is empty after it was cleaned."""
        return super().run_validation(_clean(data, clean_lines))


class InstantField(serializers.DateTimeField):
    """An instant: always shown in UTC, and taken only with its zone."""

    default_error_messages = {"naive": "Add the zone, as in 2026-07-01T12:00:00Z or 2026-07-01T14:00:00+02:00."}

    @classmethod
    def default_timezone(cls) -> tzinfo:
        """Return UTC, whatever the zone of the business."""
        return UTC

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return the instant in UTC. Raises ValidationError for one without a zone."""
        if value.tzinfo is None:
            self.fail("naive")
        instant: datetime = super().enforce_timezone(value)
        return instant


class JSONValueField(serializers.JSONField):
    """Any JSON value; what can't be seen is removed from the texts in it, which keep their lines."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Judge the cleaned value."""
        return super().run_validation(_clean_all(data))


def _clean_all(data: Any) -> Any:
    if isinstance(data, dict):
        return {_clean_or_refuse(key, clean_line): _clean_all(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_clean_all(value) for value in data]
    return _clean_or_refuse(data, clean_lines)


def _clean_or_refuse(data: Any, clean: Any) -> Any:
    ProhibitNullCharactersValidator()(data)
    return _clean(data, clean)


def _clean(data: Any, clean: Any) -> Any:
    """Return a text without what can't be seen; one with NUL stays as it is, so that it is refused."""
    return clean(data) if isinstance(data, str) and "\0" not in data else data
