"""Choices of a form's field that are known only when the form is made."""

from collections.abc import Sequence

from django import forms
from django.utils.functional import Promise

Choice = tuple[str | int, str | Promise]


def set_choices(form: forms.Form, name: str, choices: Sequence[Choice]) -> None:
    """Set the choices of one field of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), f"{name} has no choices"
    field.choices = list(choices)
