"""How is one of the business's own fields asked of a stranger, and how is the answer kept?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.clients.models import CustomField

PREFIX = "field-"
LONGEST = 300
# With a point or a comma before its fraction, as people in either habit write it.
NUMBER = r"^\s*-?[0-9]{1,12}(?:[.,][0-9]{1,4})?\s*$"


def question_for(field: CustomField, *, required: bool) -> forms.Field:
    """Return the form field that asks for one of the business's own fields."""
    facts: dict[str, Any] = {"label": field.name, "required": required}
    if field.kind == CustomField.Kind.NUMBER:
        plain = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.RegexField(NUMBER, widget=plain, error_messages={"invalid": _("Enter a number.")}, **facts)
    if field.kind == CustomField.Kind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)
    if field.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((choice, choice) for choice in field.choices)], **facts)
    if field.kind == CustomField.Kind.YES_NO:
        return forms.ChoiceField(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **facts)
    return forms.CharField(max_length=LONGEST, **facts)


def answer_of(field: CustomField, cleaned: Any) -> Any:
    """Return an answer as cards keep it: numbers as numbers, dates as 2026-05-31, yes and no as true and false."""
    if field.kind == CustomField.Kind.NUMBER:
        number = Decimal(cleaned.replace(",", "."))
        return int(number) if number == number.to_integral_value() else float(number)
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    return cleaned == "yes" if field.kind == CustomField.Kind.YES_NO else cleaned
