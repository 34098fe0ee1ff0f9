"""Turns what a view raises into a problem document."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError, build_problem_response, get_error_code
from portal.access.network_limits import set_retry_after
from tenants.deleted_rows import find_deletion_status
from tenants.sliding_windows import RateLimitExceeded

DELETED_MEANWHILE = "What this refers to was deleted at the same time, or is in use by now. Read it again, then decide."


def handle_exception(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Return the response to an error, or None for one that nobody has thought of, which Django answers with 500."""
    if isinstance(error, RateLimitExceeded):
        set_rollback()
        return set_retry_after(build_problem_response(ApiProblem(ErrorCode.RATE_LIMITED)), error.retry_at)
    problem = _find_problem(error) or _find_deletion_problem(error, context["request"].method)
    if problem is None:
        return None
    set_rollback()
    return build_problem_response(problem)


def _find_problem(error: Exception) -> ApiProblem | None:
    match error:
        case ApiProblem():
            return error
        case exceptions.ValidationError():
            return ApiProblem(ErrorCode.VALIDATION_FAILED, errors=list(_iter_field_errors(error.detail)))
        case exceptions.APIException():
            return _build_framework_problem(error)
        case Http404():
            return ApiProblem(ErrorCode.NOT_FOUND)
        case PermissionDenied():
            return ApiProblem(ErrorCode.FORBIDDEN)
        case RequestDataTooBig():
            return ApiProblem(ErrorCode.TOO_LARGE)
    return None


def _find_deletion_problem(error: Exception, method: str | None) -> ApiProblem | None:
    """Return the problem of a request that was to change what somebody else has just deleted."""
    status = find_deletion_status(error, method=method)
    if status is None:
        return None
    return ApiProblem(get_error_code(status), detail=DELETED_MEANWHILE if status == 409 else "")


def _build_framework_problem(error: exceptions.APIException) -> ApiProblem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return ApiProblem(get_error_code(error.status_code), detail=str(error.detail), headers=headers)


def _iter_field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Return each error of a serializer with the path of its field: `contacts[0].value`."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            if key == "non_field_errors":
                yield from _iter_field_errors(value, path)
            elif isinstance(key, int):
                yield from _iter_field_errors(value, f"{path}[{key}]")
            else:
                yield from _iter_field_errors(value, f"{path}.{key}" if path else key)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            # A list of messages belongs to this field; a list of dicts holds the errors of its items.
            yield from _iter_field_errors(value, f"{path}[{index}]" if isinstance(value, dict) else path)
    else:
        yield FieldError(path, getattr(detail, "code", "invalid"), str(detail))
