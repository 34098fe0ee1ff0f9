"""What can be done about the contact form and what comes by it? One file per question; callers use this front."""

from portal.intake.services.choices import change_form, current_form
from portal.intake.services.reading import mark_read, mark_unread
from portal.intake.services.receiving import Enquiry, receive
from portal.intake.services.settling import AlreadyDecided, assign, decided_by, settle, settle_waiting

__all__ = [
    "AlreadyDecided",
    "Enquiry",
    "assign",
    "change_form",
    "current_form",
    "decided_by",
    "mark_read",
    "mark_unread",
    "receive",
    "settle",
    "settle_waiting",
]
