"""The base of all views of the API: one order of steps for every request."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.protocol.deprecations import Deprecation, set_deprecation_headers
from api.protocol.entity_tags import build_conditional_response
from api.protocol.idempotency import run_once
from api.protocol.problems import ApiProblem
from api.protocol.rate_limits import RateLimitStatus, check_anonymous_limit, set_rate_limit_headers
from tenants import database_clock


class ApiView(APIView):
    """A view that runs in the schema of a business; subclasses find out which, and who asks.

    A request is authenticated and counted, then the business's schema is entered and the method run: an unsafe one with
    an `Idempotency-Key` once. `supports_idempotency_key` is False where a part of the work must last though the rest
    fails, such as a counted guess, or where the answer may not be stored. `deprecations` says which methods will be
    removed.
    """

    supports_idempotency_key: ClassVar[bool] = True
    deprecations: ClassVar[Mapping[str, Deprecation]] = {}
    now: datetime
    # How much of its limit the caller has left; set by subclasses that count requests for somebody.
    rate_limit_status: RateLimitStatus | None = None
    http_request: HttpRequest

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a request, and leave the business's schema afterwards."""
        self.args, self.kwargs = args, kwargs
        self.headers: dict[str, str] = {}
        self.http_request = request
        self.request = self.initialize_request(request, *args, **kwargs)
        self.now = database_clock.now()
        with ExitStack() as self.scope:
            try:
                self.initial(self.request, *args, **kwargs)
                response = self.run_method(self._get_handler(), *args, **kwargs)
            except Exception as error:
                response = self.handle_exception(error)
            if response.status_code == 405:
                response["Allow"] = ", ".join(self.allowed_methods)
            self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Authenticate; whoever is refused is counted as nobody. Raises ApiProblem and RateLimitExceeded."""
        try:
            super().initial(request, *args, **kwargs)
        except ApiProblem:
            check_anonymous_limit(request)
            raise

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say how much of the limit is left, and whether the operation is deprecated."""
        if self.rate_limit_status:
            set_rate_limit_headers(response, self.rate_limit_status)
        if deprecation := self.deprecations.get(request.method):
            set_deprecation_headers(response, deprecation)
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def allowed_methods(self) -> list[str]:
        """Return the methods that the view has."""
        return [name.upper() for name in self.http_method_names if name != "options" and hasattr(self, name)]

    def get_owner(self) -> str:
        """Return whose idempotency keys the request's is among."""
        raise NotImplementedError

    def run_method(self, handler: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
        """Run a method inside the business's schema: an unsafe one once."""
        request: Request = self.request
        if request.method in ("GET", "HEAD"):
            return build_conditional_response(request, handler(request, *args, **kwargs))
        if not self.supports_idempotency_key:
            return handler(request, *args, **kwargs)
        return run_once(request, lambda: handler(request, *args, **kwargs), owner=self.get_owner(), now=self.now)

    def _get_handler(self) -> Callable[..., Response]:
        method = str(self.request.method).lower()
        is_known = method in self.http_method_names and method != "options"
        handler: Callable[..., Response] | None = getattr(self, method, None) if is_known else None
        return handler or self.http_method_not_allowed
