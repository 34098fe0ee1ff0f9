"""The template tag for the style sheet with a business's colours."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from portal.branding.models import PortalSettings
from portal.ui.palettes import PALETTE_VERSION

register = template.Library()


@register.simple_tag
def theme_url(portal_settings: PortalSettings) -> str:
    """Return the URL of a business's style sheet; it changes with the colours, so that browsers can cache it."""
    version = f"{portal_settings.colour[1:]}-{PALETTE_VERSION}"
    return f"{reverse('branding:theme')}?{urlencode({'v': version})}"
