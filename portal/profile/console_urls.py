"""URLs of the console's Client Portal pages."""

from django.urls import path

from portal.profile.console import address, branding, domain, impersonation, invitations, overview, sign_in_settings

urlpatterns = [
    path("", overview.overview, name="portal"),
    path("address/", address.edit, name="portal-address"),
    path("address/check/", address.check, name="portal-address-check"),
    path("address/qr.svg", address.qr_svg, name="portal-qr-svg"),
    path("address/qr.png", address.qr_png, name="portal-qr-png"),
    path("invitation/", invitations.invitation, name="portal-invitation"),
    path("demo/", impersonation.demo_client, name="portal-demo"),
    path("demo/reset/", impersonation.demo_client_reset, name="portal-demo-reset"),
    path("impersonation/<uuid:pk>/", impersonation.client, name="portal-impersonation"),
    path("domain/", domain.domain, name="portal-domain"),
    path("domain/<uuid:pk>/check/", domain.check, name="portal-domain-check"),
    path("domain/<uuid:pk>/release/", domain.release, name="portal-domain-release"),
    path("branding/", branding.branding, name="portal-branding"),
    path("branding/contrast/", branding.contrast, name="portal-contrast"),
    path("branding/logo/", branding.logo, name="portal-logo"),
    path("branding/logo.png", branding.logo_image, name="portal-logo-image"),
    path("sign-in/", sign_in_settings.sign_in_settings, name="portal-sign-in"),
]
