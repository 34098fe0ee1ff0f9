"""Says what a form of a page finds wrong with values of the API, so that both have the same rules."""

from collections.abc import Iterator, Mapping

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError


def check_form(form: forms.Form, *, names: Mapping[str, str] | None = None) -> None:
    """Check that a bound form is valid; `names` are those of the API where they differ. Raises ApiProblem."""
    if not form.is_valid():
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=list(_iter_errors(form, names or {})))


def _iter_errors(form: forms.Form, names: Mapping[str, str]) -> Iterator[FieldError]:
    for field, errors in form.errors.get_json_data().items():
        name = "" if field == NON_FIELD_ERRORS else names.get(field, field)
        yield from (FieldError(name, error["code"] or "invalid", error["message"]) for error in errors)
