"""URLs of the console's pages about the portal's address and custom domains."""

from django.urls import path

from portal.domains.console import address, custom_domains, invitations

urlpatterns = [
    path("address/", address.edit, name="portal-address"),
    path("address/check/", address.check, name="portal-address-check"),
    path("address/qr.svg", address.qr_svg, name="portal-qr-svg"),
    path("address/qr.png", address.qr_png, name="portal-qr-png"),
    path("invitation/", invitations.invitation, name="portal-invitation"),
    path("domain/", custom_domains.domain, name="portal-domain"),
    path("domain/<uuid:pk>/check/", custom_domains.check, name="portal-domain-check"),
    path("domain/<uuid:pk>/release/", custom_domains.release, name="portal-domain-release"),
]
