"""URLs of the console's pages about the portal's address and custom domains."""

from django.urls import path

from portal.domains.console import client_invitations, custom_domains, portal_address

urlpatterns = [
    path("address/", portal_address.edit_portal_address, name="portal-address"),
    path("address/check/", portal_address.check_portal_address, name="portal-address-check"),
    path("address/qr.svg", portal_address.download_qr_svg, name="portal-qr-svg"),
    path("address/qr.png", portal_address.download_qr_png, name="portal-qr-png"),
    path("invitation/", client_invitations.send_portal_address, name="portal-invitation"),
    path("domain/", custom_domains.manage_domains, name="portal-domain"),
    path("domain/<uuid:pk>/check/", custom_domains.check_domain, name="portal-domain-check"),
    path("domain/<uuid:pk>/release/", custom_domains.release_custom_domain, name="portal-domain-release"),
]
