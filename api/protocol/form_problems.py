"""Says what a form of a page, or a rule behind it, finds wrong with values of the API: both have the same rules."""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError


def check_form(form: forms.Form) -> None:
    """Check that a bound form is valid. Raises ApiProblem."""
    if not form.is_valid():
        raise build_validation_problem(ValidationError(form.errors.as_data()))


def build_validation_problem(error: ValidationError) -> ApiProblem:
    """Return the problem that names each field of an error with what is wrong with it."""
    return ApiProblem(ErrorCode.VALIDATION_FAILED, errors=list(_iter_errors(error)))


def _iter_errors(error: ValidationError) -> Iterator[FieldError]:
    for field, errors in error.error_dict.items():
        name = "" if field == NON_FIELD_ERRORS else field
        yield from (FieldError(name, each.code or "invalid", text) for each in errors for text in each.messages)
