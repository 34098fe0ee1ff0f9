"""Says what a form of a page, or a rule behind it, finds wrong with values of the API: both have the same rules."""

from collections.abc import Collection, Iterator, Mapping

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError


def check_form(form: forms.Form, *, prefix: str = "", outside: Collection[str] = ()) -> None:
    """Check that a bound form is valid; `prefix` is the path of the object that holds its fields but `outside`.

    Raises ApiProblem.
    """
    if not form.is_valid():
        paths = {name: name if name in outside else f"{prefix}{name}" for name in form.fields}
        raise build_validation_problem(ValidationError(form.errors.as_data()), paths)


def build_validation_problem(error: ValidationError, paths: Mapping[str, str] | None = None) -> ApiProblem:
    """Return the problem that names each field of an error, or the path given for it, with what is wrong with it."""
    errors = list(_iter_errors(error, {NON_FIELD_ERRORS: ""} | dict(paths or {})))
    return ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)


def _iter_errors(error: ValidationError, paths: Mapping[str, str]) -> Iterator[FieldError]:
    for field, errors in error.error_dict.items():
        path = paths.get(field, field)
        yield from (FieldError(path, each.code or "invalid", text) for each in errors for text in each.messages)
