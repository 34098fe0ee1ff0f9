"""Middleware that answers every error below /api/ with a problem document, and every request there with its id."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from api.protocol.problems import MEDIA_TYPE, ApiProblem, build_problem_response, get_error_code

API_PREFIX = "/api/"
# Headers of an error page that say something about the error, and none about the page.
KEPT_HEADERS = ("Allow", "Retry-After", "Location", "WWW-Authenticate")


class ProblemMiddleware:
    """Replaces error pages, which middleware and Django answer with HTML, by problem documents."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            kept = {name: response[name] for name in KEPT_HEADERS if name in response}
            response = build_problem_response(ApiProblem(get_error_code(response.status_code), headers=kept))
        if request_id := get_contextvars().get("request_id"):
            response["X-Request-Id"] = str(request_id)
        return response
