"""The URL at which a portal answers our HTTPS probe."""

from django.urls import path

from tenants.domains import views

app_name = "domain"
urlpatterns = [path("", views.serve_probe_token, name="probe")]
