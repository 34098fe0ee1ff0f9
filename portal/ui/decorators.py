"""Decorators for the views of the portal."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def client_required(view: View) -> View:
    """Open the view to signed-in clients only; everybody else is redirected to the sign-in page."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.client:
            return redirect("access:sign-in")
        return view(request, *args, **kwargs)

    return wrapper
