"""The URL at which certificate managers ask about domains."""

from django.urls import path

from tenants.domains import views

app_name = "domains"
urlpatterns = [path("ask/", views.allow_certificate, name="ask")]
