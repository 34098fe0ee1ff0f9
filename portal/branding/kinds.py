"""The kinds of timeline events about the portal’s settings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BrandingEvent(TextChoices):
    """A change to the portal’s appearance or to how clients sign in."""

    BRANDING_CHANGED = "portal.branding-changed", _("Branding changed")
    SIGN_IN_SETTINGS_CHANGED = "portal.sign-in-settings-changed", _("Sign-in settings changed")
