"""What is at an address that allauth insists on having, and that leads nowhere here?"""

from django.http import Http404, HttpRequest, HttpResponse


def not_found(request: HttpRequest) -> HttpResponse:
    """Raise Http404: nobody signs up for a business that hasn't invited them."""
    raise Http404
