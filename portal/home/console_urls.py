"""URLs of the console's home page and settings."""

from django.urls import path

from portal.home import console

urlpatterns = [
    path("", console.show_home, name="home"),
    path("settings/", console.list_settings_pages, name="settings"),
]
