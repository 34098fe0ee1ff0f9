"""The kinds of timeline events about support tickets, and of notifications about sign-in problems."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SupportEvent(TextChoices):
    """The opening or closing of a support ticket, or the end of a stop of texts."""

    TICKET_OPENED = "support.ticket-opened", _("Opened a support ticket")
    TICKET_CLOSED = "support.ticket-closed", _("Closed a support ticket")
    SMS_STOP_LIFTED = "support.texts-resumed", _("Let text messages be sent again")


class SupportNotification(TextChoices):
    """A notification for staff about codes that are delayed or stopped, or about a ticket."""

    OUTAGE = "outage"
    TICKET = "ticket"
    SMS_STOPPED = "sms-stopped"
