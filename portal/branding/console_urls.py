"""URLs of the console's pages about the portal's settings."""

from django.urls import path

from portal.branding.console import branding, portal_overview, sign_in_settings

urlpatterns = [
    path("", portal_overview.show_portal_overview, name="portal"),
    path("branding/", branding.edit_branding, name="portal-branding"),
    path("branding/contrast/", branding.check_contrast, name="portal-contrast"),
    path("branding/logo/", branding.change_logo, name="portal-logo"),
    path("branding/logo.png", branding.serve_logo, name="portal-logo-image"),
    path("sign-in/", sign_in_settings.edit_sign_in_settings, name="portal-sign-in"),
]
