"""What can be done with one client's card? One file per deed; pages use this front."""

from portal.cards.services.contacts import relabel
from portal.cards.services.deciding import Preview, preview_merge
from portal.cards.services.erasing import erase_client
from portal.cards.services.exporting import write_copy
from portal.cards.services.merging import ChoiceGone, MergeRefused, merge_clients
from portal.cards.services.notes import add_note, change_note, delete_note

__all__ = [
    "ChoiceGone",
    "MergeRefused",
    "Preview",
    "add_note",
    "change_note",
    "delete_note",
    "erase_client",
    "merge_clients",
    "preview_merge",
    "relabel",
    "write_copy",
]
