"""allauth's pages answer 200 when a limit is exceeded; here they answer 429 and say when to retry."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

TOO_MANY_REQUESTS, RETRY_AFTER_SECONDS = 429, 3600
# The codes of allauth's errors for an exceeded limit.
LIMIT_ERRORS = {"too_many_login_attempts", "rate_limited"}


def answer_limits_with_429(view: View) -> View:
    """Give a page's response the status 429 if one of its forms was refused by a limit."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        context = getattr(response, "context_data", None) or {}
        if any(_is_over_limit(value) for value in context.values()):
            response.status_code = TOO_MANY_REQUESTS
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    return wrapper


def _is_over_limit(form: Any) -> bool:
    if not isinstance(form, BaseForm) or not form.is_bound:
        return False
    return any(error.code in LIMIT_ERRORS for errors in form.errors.as_data().values() for error in errors)
