"""Where does a business decide about its portal?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.profile.console import address, branding, domain, page, sending, signing_in, visits
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Client Portal"), url_name="portal", icon="building-storefront", permission="portal.view", position=70
)

urlpatterns = [
    path("", page.page, name="portal"),
    path("address/", address.edit, name="portal-address"),
    path("address/check/", address.check, name="portal-address-check"),
    path("address/qr.svg", address.qr_svg, name="portal-qr-svg"),
    path("address/qr.png", address.qr_png, name="portal-qr-png"),
    path("send/", sending.send, name="portal-send"),
    path("demo/", visits.demo, name="portal-demo"),
    path("demo/reset/", visits.reset, name="portal-demo-reset"),
    path("look/<uuid:pk>/", visits.look, name="portal-look"),
    path("domain/", domain.domain, name="portal-domain"),
    path("domain/<uuid:pk>/check/", domain.check, name="portal-domain-check"),
    path("domain/<uuid:pk>/release/", domain.release, name="portal-domain-release"),
    path("branding/", branding.branding, name="portal-branding"),
    path("branding/contrast/", branding.contrast, name="portal-contrast"),
    path("branding/logo/", branding.logo, name="portal-logo"),
    path("branding/logo.png", branding.picture, name="portal-logo-picture"),
    path("sign-in/", signing_in.signing_in, name="portal-sign-in"),
]
