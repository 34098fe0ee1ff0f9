"""Lets the websites that a business lists show a page of its portal in a frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from portal.embeds.services import get_allowed_websites
from tenants.request_types import HostRequest

Request = TypeVar("Request", bound=HostRequest)
Arguments = ParamSpec("Arguments")


def embeddable(
    view: Callable[Concatenate[Request, Arguments], HttpResponse],
) -> Callable[Concatenate[Request, Arguments], HttpResponseBase]:
    """Return a public view that listed websites may show in a frame, without cookies.

    Browsers send no cookies to a frame on another site, so Django's CSRF token is of no use there. The view must not
    know its visitor, and signs what its form has to bring back; forms of other sites are refused by their origin.
    """

    @csrf_exempt
    @wraps(view)
    def wrapper(request: Request, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        _check_origin(request)
        response: Any = view(request, *args, **kwargs)
        response.xframe_options_exempt = True
        framers = [settings.PUBLIC_URL, *list_embedding_origins(request)]
        return csp_replace({"frame-ancestors": framers})(lambda _request: response)(request)

    return wrapper


def list_embedding_origins(request: HostRequest) -> list[str]:
    """Return the origins of the websites that may show the forms of the request's business."""
    assert request.business, "only portals have forms for other websites"
    return get_allowed_websites(request.business).embedding_origins


def _check_origin(request: HttpRequest) -> None:
    """Refuse a form that a page of another site sends. Raises PermissionDenied."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc.lower() != request.get_host().lower():
        raise PermissionDenied
