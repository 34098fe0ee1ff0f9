"""The kinds of timeline events, notifications and jobs about the contact form."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IntakeEvent(TextChoices):
    """An enquiry by the contact form, or a change to the form."""

    ENQUIRY_RECEIVED = "intake.enquiry-received", _("Enquiry received")
    ENQUIRY_ASSIGNED = "intake.enquiry-assigned", _("Enquiry assigned to a client")
    CONTACT_FORM_CHANGED = "intake.contact-form-changed", _("Contact form changed")


class IntakeClientSource(TextChoices):
    """A way onto the client list through this noun."""

    CONTACT_FORM = "contact-form", _("Contact form")


class IntakeNotification(TextChoices):
    """A notification for staff about what came in through the contact form."""

    ENQUIRY = "contact-form"
    FLOOD = "contact-form-flood"
    BOOKING_FLOOD = "booking-flood"


class IntakeJob(TextChoices):
    """A job about one enquiry."""

    MATCH_ENQUIRY = "match-enquiry"
