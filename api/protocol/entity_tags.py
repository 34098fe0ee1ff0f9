"""ETags: a digest of what is shown of an object, by which two programs don't overwrite each other's changes."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem


def build_entity_tag(body: bytes) -> str:
    """Return the ETag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def check_if_match(request: Request, present: Callable[[], Mapping[str, Any]]) -> None:
    """Check that an object, whose row is locked, is still the one the caller has seen. Raises ApiProblem.

    `present` returns what is shown of it, and is called only for a caller who says what they have seen.
    """
    expected = request.headers.get("If-Match", "").strip()
    if not expected or expected == "*":
        return
    if build_entity_tag(JSONRenderer().render(present())) not in _split_tags(expected):
        raise ApiProblem(ErrorCode.PRECONDITION_FAILED)


def build_conditional_response(request: Request, response: HttpResponse) -> HttpResponse:
    """Render a response with its ETag, or return a 304 if the caller has it already."""
    shown = getattr(response, "data", None)
    if response.status_code != 200 or not isinstance(shown, Mapping):
        return response
    body = JSONRenderer().render(shown)
    tag = build_entity_tag(body)
    if tag in _split_tags(request.headers.get("If-None-Match", "")):
        return Response(status=304, headers={"ETag": tag})
    # What made the tag is what is sent, so that it is rendered once.
    headers = {**response.headers, "Content-Type": JSONRenderer.media_type, "ETag": tag}
    return HttpResponse(body, headers=headers)


def _split_tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
