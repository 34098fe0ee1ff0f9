"""URLs of the portal's settings in the business API."""

from django.urls import path

from api.portal_settings import logo_views, views

app_name = "portal_settings"
urlpatterns = [
    path("settings/", views.PortalSettingsView.as_view(), name="settings"),
    path("logo/", logo_views.LogoView.as_view(), name="logo"),
]
