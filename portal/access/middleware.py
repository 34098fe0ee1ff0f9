"""Which client is this? Asked of the database only when a page wants to know."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.access import cookies, services
from portal.access.models import ClientSession


class ClientMiddleware:
    """Put `request.client_session` and `request.client` on portal requests, each None for strangers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.client_session = SimpleLazyObject(lambda: _session(request))
        request.client = SimpleLazyObject(lambda: request.client_session.client if request.client_session else None)
        return self.get_response(request)


def _session(request: HttpRequest) -> ClientSession | None:
    token = cookies.read(request, cookies.SESSION)
    # At the console a business is known too, and its clients are still strangers there.
    if request.place is None or not token:
        return None
    return services.find_session(token=token, now=timezone.now())
