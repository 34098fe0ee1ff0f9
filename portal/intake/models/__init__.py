"""The contact form's settings, and the enquiries sent by it."""

from portal.intake.models.contact_form import ContactForm, FieldRequirement
from portal.intake.models.enquiry import Enquiry

__all__ = ["ContactForm", "Enquiry", "FieldRequirement"]
