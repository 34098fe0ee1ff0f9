"""Validators of form fields."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.control_characters import has_control_characters


def validate_single_line(text: str) -> None:
    """Raise ValidationError for a text with line breaks or invisible characters."""
    if has_control_characters(text):
        raise ValidationError(_("Enter one line of text without invisible characters."))
