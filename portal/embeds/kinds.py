"""The kinds of timeline events about a business's own websites."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WebsiteEvent(TextChoices):
    """A change of the websites that may use the portal."""

    CHANGED = "websites.changed", _("Websites changed")
