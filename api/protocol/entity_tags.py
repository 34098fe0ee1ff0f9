"""ETags: a digest of what is shown of an object, by which two programs don't overwrite each other's changes."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem


def build_entity_tag(shown: Any) -> str:
    """Return the ETag of a body."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def check_unchanged(request: Request, shown: Mapping[str, Any]) -> None:
    """Check that an object, whose row is locked, is still the one the caller has seen. Raises ApiProblem."""
    expected = request.headers.get("If-Match", "").strip()
    if expected and expected != "*" and build_entity_tag(shown) not in _split_tags(expected):
        raise ApiProblem(ErrorCode.PRECONDITION_FAILED)


def check_not_modified(request: Request, response: Response) -> Response:
    """Set the ETag of a body, and answer 304 if the caller has it already."""
    if response.status_code != 200 or not isinstance(getattr(response, "data", None), Mapping):
        return response
    response["ETag"] = tag = build_entity_tag(response.data)
    if tag in _split_tags(request.headers.get("If-None-Match", "")):
        return Response(status=304, headers={"ETag": tag})
    return response


def _split_tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
