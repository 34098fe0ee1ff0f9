"""Middleware that answers every error below /api/ with a problem document, and every request there with its id."""

from collections.abc import Callable

from django.http import HttpResponse
from structlog.contextvars import get_contextvars

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import MEDIA_TYPE, ApiProblem, build_problem_response, get_error_code
from tenants.hostnames import build_absolute_url
from tenants.middleware import API_PREFIX
from tenants.request_types import HostRequest

# Headers of an error page that say something about the error or who may read it, and none about the page.
KEPT_HEADERS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Allow",
    "Location",
    "Retry-After",
    "Vary",
    "WWW-Authenticate",
)


class ProblemMiddleware:
    """Replaces error pages, which middleware and Django answer with HTML, by problem documents."""

    def __init__(self, get_response: Callable[[HostRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HostRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            response = build_problem_response(_find_problem(request, response))
        if request_id := get_contextvars().get("request_id"):
            response["X-Request-Id"] = str(request_id)
        return response


def _find_problem(request: HostRequest, response: HttpResponse) -> ApiProblem:
    """Return the problem that an error page is about; the host of the request says more than the status does."""
    kept = {name: response[name] for name in KEPT_HEADERS if name in response}
    host = getattr(request, "resolved_host", None)
    if response.status_code == 410 and host and host.is_former:
        return ApiProblem(ErrorCode.MOVED, headers=kept, members={"portal_url": build_absolute_url(host.portal_host)})
    if response.status_code == 403 and host and not host.business.is_open:
        return ApiProblem(ErrorCode.BUSINESS_SUSPENDED, headers=kept)
    return ApiProblem(get_error_code(response.status_code), headers=kept)
