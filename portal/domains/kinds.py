"""The kinds of timeline events about the addresses of a portal."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PortalAddressEvent(TextChoices):
    """A change of the portal’s address or of its custom domains."""

    ADDRESS_CHANGED = "portal.address-changed", _("Portal address changed")
    DOMAIN_ADDED = "portal.domain-added", _("Domain added")
    DOMAIN_VERIFIED = "portal.domain-verified", _("Domain verified")
    DOMAIN_RELEASED = "portal.domain-released", _("Domain released")
