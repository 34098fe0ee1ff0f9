"""The contact form's settings, and the enquiries sent by it."""

from portal.intake.models.contact_form_settings import ContactFormSettings, FieldRequirement
from portal.intake.models.enquiry import Enquiry

__all__ = ["ContactFormSettings", "Enquiry", "FieldRequirement"]
