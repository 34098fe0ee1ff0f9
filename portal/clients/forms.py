"""The form fields for a business's custom fields, whose cleaned values are those that `Client.custom` stores."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.clients.custom_values import InvalidCustomValue, parse_custom_value
from portal.clients.models import CHOICE_KINDS, CustomField, CustomFieldKind
from portal.ui.form_fields import SingleLineField

MAX_TEXT_LENGTH, MAX_NUMBER_LENGTH = 500, 40


class NumberField(SingleLineField):
    """A number with a decimal point or comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, *, custom_field: CustomField, **kwargs: Any):
        super().__init__(max_length=MAX_NUMBER_LENGTH, **kwargs)
        self.custom_field = custom_field

    def clean(self, value: Any) -> Any:
        """Return the number as `Client.custom` stores it, or None."""
        typed = super().clean(value)
        try:
            return parse_custom_value(self.custom_field, typed) if typed else None
        except InvalidCustomValue as error:
            raise ValidationError(_("Enter a number.")) from error


class ISODateField(forms.DateField):
    """A date that is kept as a text such as 2026-05-31."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """Return the date as `Client.custom` stores it, or None."""
        cleaned = super().clean(value)
        return cleaned.isoformat() if cleaned else None


class YesNoField(forms.TypedChoiceField):
    """Yes, no or no answer."""

    def __init__(self, *, empty_label: str | Promise, **kwargs: Any):
        choices = [("", empty_label), ("yes", _("Yes")), ("no", _("No"))]
        super().__init__(choices=choices, coerce=lambda value: value == "yes", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the choice for a value that is stored."""
        return {True: "yes", False: "no"}.get(value, value)


def build_form_field(field: CustomField, *, required: bool, empty_label: str | Promise = "—") -> forms.Field:
    """Return the form field for a custom field; `empty_label` is the choice of no answer."""
    common: dict[str, Any] = {"label": field.name, "required": required}
    if field.kind == CustomFieldKind.NUMBER:
        return NumberField(custom_field=field, **common)
    if field.kind == CustomFieldKind.DATE:
        return ISODateField(**common)
    if field.kind in CHOICE_KINDS:
        return build_choice_field(field, required=required, empty_label=empty_label)
    return SingleLineField(max_length=MAX_TEXT_LENGTH, **common)


def build_choice_field(field: CustomField, *, required: bool, empty_label: str | Promise = "—") -> forms.ChoiceField:
    """Return the form field for a custom field of one of the CHOICE_KINDS."""
    common: dict[str, Any] = {"label": field.name, "required": required}
    if field.kind == CustomFieldKind.YES_NO:
        return YesNoField(empty_label=empty_label, **common)
    return forms.ChoiceField(choices=[("", empty_label), *((choice, choice) for choice in field.choices)], **common)
