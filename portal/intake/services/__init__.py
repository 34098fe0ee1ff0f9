"""The services of the contact form and its enquiries, gathered for callers."""

from portal.intake.services.contact_form import change_contact_form, get_contact_form
from portal.intake.services.matching import (
    EnquiryAlreadyAssigned,
    assign_enquiry,
    get_assigner_name,
    match_enquiry,
    match_pending,
)
from portal.intake.services.read_status import mark_read, mark_unread
from portal.intake.services.receiving import EnquiryData, receive_enquiry

__all__ = [
    "EnquiryAlreadyAssigned",
    "EnquiryData",
    "assign_enquiry",
    "change_contact_form",
    "get_assigner_name",
    "get_contact_form",
    "mark_read",
    "mark_unread",
    "match_enquiry",
    "match_pending",
    "receive_enquiry",
]
