"""Bodies that are larger than those of ordinary operations, of which the server asks before it reads them."""

from django.http import HttpRequest
from rest_framework.request import Request

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from tenants.body_limits import BODY_ADMISSION
from tenants.django_internals import read_body
from tenants.limits import FORM_BYTES


def grant_large_body(request: Request, *, owner: str) -> bool:
    """Let the server read the body of a request; return whether it asked, which it does once before it reads.

    A view is first run without the body, to judge by its headers who sends it; what it answers then is dropped. `owner`
    is whose share of the server's memory the body counts towards.
    """
    admission = request.META.get(BODY_ADMISSION)
    if admission is None:
        return False
    admission.is_granted, admission.owner = True, owner
    return True


def read_large_body(request: HttpRequest, *, max_bytes: int) -> None:
    """Read a body of up to `max_bytes`; without this, Django refuses more than FORM_BYTES. Raises ApiProblem."""
    if max_bytes > FORM_BYTES and not read_body(request, max_bytes=max_bytes):
        raise ApiProblem(ErrorCode.TOO_LARGE)
