"""The kinds of timeline events about support tickets."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SupportEvent(TextChoices):
    """The opening or closing of a support ticket."""

    TICKET_OPENED = "support.ticket-opened", _("Opened a support ticket")
    TICKET_CLOSED = "support.ticket-closed", _("Closed a support ticket")
