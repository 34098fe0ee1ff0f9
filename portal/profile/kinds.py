"""The kinds of timeline events about the portal’s settings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PortalEvent(TextChoices):
    """A change to the portal’s settings, or a visit of staff to the portal as a client."""

    ADDRESS_CHANGED = "portal.address-changed", _("Portal address changed")
    DEMO_CLIENT_IMPERSONATED = "portal.demo-client-impersonated", _("Viewed the portal as the demo client")
    DEMO_CLIENT_RESET = "portal.demo-client-reset", _("Demo client reset")
    CLIENT_IMPERSONATED = "portal.client-impersonated", _("Viewed the portal as this client")
    BRANDING_CHANGED = "portal.branding-changed", _("Branding changed")
    SIGN_IN_SETTINGS_CHANGED = "portal.sign-in-settings-changed", _("Sign-in settings changed")
    DOMAIN_ADDED = "portal.domain-added", _("Domain added")
    DOMAIN_VERIFIED = "portal.domain-verified", _("Domain verified")
    DOMAIN_RELEASED = "portal.domain-released", _("Domain released")
