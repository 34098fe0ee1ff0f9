"""A business's custom fields as fields of the contact form, and their answers as clients store them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.clients.models import CustomField

FIELD_PREFIX = "field-"
MAX_LENGTH = 300
# With a point or a comma before the fraction.
NUMBER_PATTERN = r"^\s*-?[0-9]{1,12}(?:[.,][0-9]{1,4})?\s*$"


def build_form_field(field: CustomField, *, required: bool) -> forms.Field:
    """Return the form field for a custom field."""
    common: dict[str, Any] = {"label": field.name, "required": required}
    if field.kind == CustomField.Kind.NUMBER:
        text_input = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.RegexField(
            NUMBER_PATTERN, widget=text_input, error_messages={"invalid": _("Enter a number.")}, **common
        )
    if field.kind == CustomField.Kind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if field.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in field.choices)], **common)
    if field.kind == CustomField.Kind.YES_NO:
        return forms.ChoiceField(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **common)
    return forms.CharField(max_length=MAX_LENGTH, **common)


def to_stored_value(field: CustomField, cleaned: Any) -> Any:
    """Return a cleaned answer in the form of Client.custom: a number, a date as 2026-05-31, a boolean or a text."""
    if field.kind == CustomField.Kind.NUMBER:
        number = Decimal(cleaned.replace(",", "."))
        return int(number) if number == number.to_integral_value() else float(number)
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    return cleaned == "yes" if field.kind == CustomField.Kind.YES_NO else cleaned
