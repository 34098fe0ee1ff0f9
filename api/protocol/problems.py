"""Problem documents (RFC 9457), the one form of every error of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from structlog.contextvars import get_contextvars

from api.protocol.error_codes import CODE_BY_STATUS, ErrorCode

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is its path in the body or query, such as `contacts[0].value`."""

    field: str
    code: str
    message: str


@dataclass
class ApiProblem(Exception):
    """An error that a view answers with a problem document. `detail` is a sentence for people."""

    code: ErrorCode
    detail: str = ""
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)


def build_problem_response(problem: ApiProblem) -> HttpResponse:
    """Return the response to a problem."""
    code = problem.code
    document: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/v1/docs/errors/#{code.key}",
        "title": code.title,
        "status": code.status.value,
        "code": code.key,
        "detail": problem.detail or code.remedy,
        **problem.members,
    }
    if problem.errors:
        document["errors"] = [
            {"field": error.field, "code": error.code, "message": error.message} for error in problem.errors
        ]
    if request_id := get_contextvars().get("request_id"):
        document["request_id"] = request_id
    return JsonResponse(document, status=code.status, content_type=MEDIA_TYPE, headers=dict(problem.headers))


def get_error_code(status: int) -> ErrorCode:
    """Return the code of a response of which only the status is known."""
    return CODE_BY_STATUS.get(status, ErrorCode.SERVER_ERROR if status >= 500 else ErrorCode.MALFORMED_REQUEST)


def build_field_problem(field: str, code: str, message: str, **members: Any) -> ApiProblem:
    """Return the problem of one wrong field."""
    return ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[FieldError(field, code, message)], members=members)
