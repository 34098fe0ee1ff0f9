"""The page that is requested, with one query in the current schema."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.branding.models import PortalSettings


def show_colour(request: HttpRequest) -> HttpResponse:
    """Return the business's colour."""
    return HttpResponse(PortalSettings.objects.values_list("colour", flat=True).get(pk=1), content_type="text/plain")


urlpatterns = [path("colour/", show_colour)]
