"""Middleware that decides about large bodies before they are read, and answers requests whose body was refused."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from portal.ui.error_views import render_error_page
from tenants.body_limits import BODY_ADMISSION, BODY_REFUSAL, get_max_body_bytes
from tenants.limits import ORDINARY_BODY_BYTES

# Statuses whose usual page says something else.
TEMPLATES = {429: "429_sending", 503: "503_busy"}
RETRY_AFTER_SECONDS = "60"


class BodyAdmissionMiddleware:
    """Lets a page decide whether it takes a body that the server has not read, or shows why the server did not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.META.get(BODY_REFUSAL):
            response = render_error_page(request, status, template=TEMPLATES.get(status, ""))
            if status in TEMPLATES:
                response.headers["Retry-After"] = RETRY_AFTER_SECONDS
            return response
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Run the checks of a page that takes large bodies; its decorator answers before the page itself runs.

        Raises RequestDataTooBig.
        """
        admission = request.META.get(BODY_ADMISSION)
        if admission is None:
            return None
        admission.max_bytes = get_max_body_bytes(view)
        if admission.max_bytes <= ORDINARY_BODY_BYTES or (admission.announced_bytes or 0) > admission.max_bytes:
            raise RequestDataTooBig
        return view(request, *args, **kwargs)
