"""Keeps HEAD requests from changing anything, whatever the view does that answers them."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse


class HeadMiddleware:
    """Roll back what a HEAD request wrote: link checkers and mail scanners send them, and nobody reads the answer.

    Jobs are enqueued on commit, so none is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response
