"""A view that always answers 404, for URL names that allauth requires and we don't serve."""

from django.http import Http404, HttpRequest, HttpResponse


def not_found(request: HttpRequest) -> HttpResponse:
    """Raise Http404: staff can't sign up, they are invited."""
    raise Http404
