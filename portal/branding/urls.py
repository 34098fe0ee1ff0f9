"""URLs of a portal's style sheet, logo and choice of language."""

from django.urls import path

from portal.branding import views

app_name = "branding"
urlpatterns = [
    path("theme.css", views.serve_theme, name="theme"),
    path("logo/", views.serve_logo, name="logo"),
    path("language/", views.choose_language, name="language"),
]
