"""The services of the contact form and its enquiries, gathered for callers."""

from portal.intake.services.contact_form_settings import (
    change_contact_form_settings,
    get_contact_form_settings,
    has_contact_form,
    lock_contact_form_settings,
)
from portal.intake.services.enquiry_matching import (
    EnquiryAlreadyAssigned,
    assign_enquiry,
    enqueue_matching_again,
    get_assigner_name,
    mark_unmatchable,
    match_enquiry,
    requeue_pending_enquiries,
)
from portal.intake.services.enquiry_queries import NEWEST_FIRST, list_candidates, query_enquiries
from portal.intake.services.enquiry_read_status import mark_enquiry_read, mark_enquiry_unread
from portal.intake.services.enquiry_receiving import EnquiryData, receive_enquiry

__all__ = [
    "NEWEST_FIRST",
    "EnquiryAlreadyAssigned",
    "EnquiryData",
    "assign_enquiry",
    "change_contact_form_settings",
    "enqueue_matching_again",
    "get_assigner_name",
    "get_contact_form_settings",
    "has_contact_form",
    "list_candidates",
    "lock_contact_form_settings",
    "mark_enquiry_read",
    "mark_enquiry_unread",
    "mark_unmatchable",
    "match_enquiry",
    "query_enquiries",
    "receive_enquiry",
    "requeue_pending_enquiries",
]
