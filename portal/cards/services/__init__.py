"""The services of the client card, gathered for its pages."""

from portal.cards.services.contacts import (
    ContactRefused,
    change_contact_label,
    check_new_identifier,
    set_main_contact,
)
from portal.cards.services.erasing import confirms_erasure, erase_client
from portal.cards.services.erasure_reports import ErasureReport, build_erasure_report, list_kept_data
from portal.cards.services.merge_preview import MergedField, compute_merged_fields
from portal.cards.services.merging import MergeRefused, StaleMergeChoices, merge_clients
from portal.cards.services.notes import NotAuthor, add_note, change_note, check_author, delete_note

__all__ = [
    "ContactRefused",
    "ErasureReport",
    "MergeRefused",
    "MergedField",
    "NotAuthor",
    "StaleMergeChoices",
    "add_note",
    "build_erasure_report",
    "change_contact_label",
    "change_note",
    "check_author",
    "check_new_identifier",
    "compute_merged_fields",
    "confirms_erasure",
    "delete_note",
    "erase_client",
    "list_kept_data",
    "merge_clients",
    "set_main_contact",
]
