"""URLs of the console's home page and settings."""

from django.urls import path

from portal.home import console

urlpatterns = [
    path("", console.home, name="home"),
    path("settings/", console.settings_pages, name="settings"),
]
