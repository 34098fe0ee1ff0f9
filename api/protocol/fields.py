"""Fields of serializers for texts that people read, with the one rule for what can't be seen."""

from typing import Any

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


def _clean(data: Any, clean: Any) -> Any:
    return clean(data) if isinstance(data, str) else data
