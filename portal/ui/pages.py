"""Who may open this page?"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def client_page(view: View) -> View:
    """Let signed-in clients in and show everybody else to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.client:
            return redirect("access:sign-in")
        return view(request, *args, **kwargs)

    return guarded
