"""What can be done with a business's clients? One file per noun; callers use this front."""

from portal.clients.services.adding import add_client
from portal.clients.services.contacts import add_contact, remove_contact
from portal.clients.services.details import change_details
from portal.clients.services.matching import Match, match
from portal.clients.services.search_text import fold, text_of, write_search
from portal.clients.services.standing import archive_client, block_client, restore_client

__all__ = [
    "Match",
    "add_client",
    "add_contact",
    "archive_client",
    "block_client",
    "change_details",
    "fold",
    "match",
    "remove_contact",
    "restore_client",
    "text_of",
    "write_search",
]
