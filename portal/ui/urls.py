"""URLs of the pages that every portal has."""

from django.urls import path

from portal.ui import views

app_name = "ui"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("logo/", views.logo, name="logo"),
    path("language/", views.language, name="language"),
]
