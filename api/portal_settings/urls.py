"""URLs of the portal's settings in the business API."""

from django.urls import path

from api.portal_settings import logo_views, views
from tenants.body_limits import limit_upload_size
from tenants.limits import LOGO_BYTES

app_name = "portal_settings"
urlpatterns = [
    path("settings/", views.PortalSettingsView.as_view(), name="settings"),
    path("logo/", limit_upload_size(LOGO_BYTES)(logo_views.LogoView.as_view()), name="logo"),
]
