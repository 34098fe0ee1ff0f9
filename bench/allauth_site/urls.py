"""The pages of the project."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse("home")),
    path("accounts/", include("allauth.account.urls")),
]
