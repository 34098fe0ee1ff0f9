"""URLs of the console's pages about the portal's settings."""

from django.urls import path

from portal.branding.console import branding, overview, sign_in_settings

urlpatterns = [
    path("", overview.overview, name="portal"),
    path("branding/", branding.branding, name="portal-branding"),
    path("branding/contrast/", branding.contrast, name="portal-contrast"),
    path("branding/logo/", branding.logo, name="portal-logo"),
    path("branding/logo.png", branding.logo_image, name="portal-logo-image"),
    path("sign-in/", sign_in_settings.sign_in_settings, name="portal-sign-in"),
]
