"""Turns the errors of a form of the pages into a problem."""

from collections.abc import Collection

from django.forms import Form

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError


def build_form_problem(form: Form, *, prefix: str = "", outside: Collection[str] = ()) -> ApiProblem:
    """Return the problem of an invalid form; `prefix` is the path of the object that holds its fields but `outside`."""
    paths = {"__all__": ""} | {name: name for name in outside}
    errors = [
        FieldError(paths.get(name, f"{prefix}{name}"), error.code or "invalid", error.messages[0])
        for name, failures in form.errors.as_data().items()
        for error in failures
    ]
    return ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)
