"""URLs of the console's search."""

from django.urls import path

from portal.search import console

urlpatterns = [path("search/", console.search_console, name="search")]
