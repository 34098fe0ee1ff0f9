"""URLs of the console's pages about the portal's address and custom domains."""

from django.urls import path

from portal.domains.console import address, custom_domains, invitations

urlpatterns = [
    path("address/", address.edit_address, name="portal-address"),
    path("address/check/", address.check_address, name="portal-address-check"),
    path("address/qr.svg", address.download_qr_svg, name="portal-qr-svg"),
    path("address/qr.png", address.download_qr_png, name="portal-qr-png"),
    path("invitation/", invitations.send_portal_address, name="portal-invitation"),
    path("domain/", custom_domains.manage_domains, name="portal-domain"),
    path("domain/<uuid:pk>/check/", custom_domains.check_domain, name="portal-domain-check"),
    path("domain/<uuid:pk>/release/", custom_domains.release_custom_domain, name="portal-domain-release"),
]
