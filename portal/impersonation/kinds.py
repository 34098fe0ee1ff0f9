"""The kinds of timeline events about staff who view the portal as a client."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImpersonationEvent(TextChoices):
    """A visit of staff to the portal as a client, or the reset of the demo client."""

    DEMO_CLIENT_IMPERSONATED = "portal.demo-client-impersonated", _("Viewed the portal as the demo client")
    DEMO_CLIENT_RESET = "portal.demo-client-reset", _("Demo client reset")
    CLIENT_IMPERSONATED = "portal.client-impersonated", _("Viewed the portal as this client")
