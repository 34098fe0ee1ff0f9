"""The URL of the platform's landing page."""

from django.urls import path

from tenants.landing import views

app_name = "landing"
urlpatterns = [path("", views.show_landing, name="landing")]
