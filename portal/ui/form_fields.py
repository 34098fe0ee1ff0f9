"""Form fields for texts that people type or paste."""

from typing import Any

from django import forms

from tenants.text_cleaning import clean_line, clean_lines


class SingleLineField(forms.CharField):
    """A text that becomes one line, without what can't be seen."""

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text, so that its length and presence are judged by what can be seen."""
        return clean_line(super().to_python(value) or "")


class WebAddressField(forms.URLField):
    """A web address, without what can't be seen."""

    def to_python(self, value: Any) -> Any:
        """Return the address of the cleaned text."""
        return super().to_python(clean_line(str(value or "")))


class MultiLineField(forms.CharField):
    """A text of several lines, without what can't be seen."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text, so that its length and presence are judged by what can be seen."""
        return clean_lines(super().to_python(value) or "").strip()
