"""Who may open this page, and how do they get from one to the next?"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponse]


def client_page(view: View) -> View:
    """Let signed-in clients in and show everybody else to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.client:
            return redirect("access:sign-in")
        return view(request, *args, **kwargs)

    return guarded


def onward(view: str, query: Mapping[str, Any]) -> HttpResponse:
    """Send somebody on to another page, with the query that says what they came for."""
    words = urlencode(query, doseq=True)
    return HttpResponseRedirect(reverse(view) + (f"?{words}" if words else ""))
