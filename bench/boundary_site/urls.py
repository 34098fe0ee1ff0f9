"""Which page is asked for? One that takes one query, in whatever schema it is asked."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.profile.models import Profile


def colour(request: HttpRequest) -> HttpResponse:
    """Say the business's colour."""
    return HttpResponse(Profile.objects.values_list("colour", flat=True).get(pk=1), content_type="text/plain")


urlpatterns = [path("colour/", colour)]
