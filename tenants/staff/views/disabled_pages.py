"""The view of pages that this site leaves out although allauth requires their URL names; it always answers 404."""

from django.http import Http404, HttpRequest, HttpResponse


def raise_page_disabled(request: HttpRequest) -> HttpResponse:
    """Raise Http404: staff can't sign up, they are invited."""
    raise Http404
