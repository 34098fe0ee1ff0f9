"""The senders of mails and texts: codes have one of their own on each channel.

Whoever replies STOP to a notice, or blocks its sender, stops what comes from that sender. Codes leave by another one,
so they still arrive.
"""

from django.conf import settings
from django.db.models import TextChoices

from tenants.models import Channel


class Sender(TextChoices):
    """What a sender is for."""

    CODES = "codes"
    NOTICES = "notices"


def get_mail_sender(sender: Sender) -> str:
    """Return the address that mails come from."""
    return settings.MAIL_FROM_CODES if sender == Sender.CODES else settings.MAIL_FROM


def get_text_sender(sender: Sender) -> str:
    """Return the messaging service, or else the number, that texts come from; empty if none is set.

    Where only one of the two senders is set, everything comes from it.
    """
    codes = settings.TWILIO_MESSAGING_SERVICE_SID_CODES or settings.TWILIO_FROM_CODES
    notices = settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_FROM
    return codes or notices if sender == Sender.CODES else notices or codes


def are_senders_apart(channel: str) -> bool:
    """Tell whether codes and notices come from different senders."""
    find_sender = get_mail_sender if channel == Channel.EMAIL else get_text_sender
    return find_sender(Sender.CODES).lower() != find_sender(Sender.NOTICES).lower()
