"""The decorator for portal views that need a client."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpResponse
from django.shortcuts import redirect

from portal.clients.request_types import ClientRequest, VisitorRequest

Arguments = ParamSpec("Arguments")
Request = TypeVar("Request", bound=ClientRequest)


def client_required(
    view: Callable[Concatenate[Request, Arguments], HttpResponse],
) -> Callable[Concatenate[VisitorRequest, Arguments], HttpResponse]:
    """Open the view to signed-in clients only; everybody else is redirected to the sign-in page."""

    @wraps(view)
    def wrapper(request: VisitorRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not request.client:
            return redirect("access:sign-in")
        return view(cast(Request, request), *args, **kwargs)

    return wrapper
