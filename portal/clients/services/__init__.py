"""What can be done with a business's clients? One file per noun; callers use this front."""

from portal.clients.services.adding import add_client
from portal.clients.services.cells import inert
from portal.clients.services.contacts import add_contact, remove_contact
from portal.clients.services.details import change_details
from portal.clients.services.exporting import record_export, write_csv, write_xlsx
from portal.clients.services.fields import add_field, change_field, move_field, remove_field
from portal.clients.services.keeping import forget_view, keep_view, views_of
from portal.clients.services.matching import Match, match
from portal.clients.services.paging import Page, Total, page_of, total_of, with_rows
from portal.clients.services.search_text import fold, text_of, write_search
from portal.clients.services.searching import Question, alike, filtered, matching
from portal.clients.services.standing import archive_client, block_client, restore_client
from portal.clients.services.tagging import (
    NameTaken,
    add_tag,
    change_tag,
    put_tag,
    remove_tag,
    tag_clients,
    tag_named,
    tags_with_counts,
    take_tag,
    untag_clients,
)

__all__ = [
    "Match",
    "NameTaken",
    "Page",
    "Question",
    "Total",
    "add_client",
    "add_contact",
    "add_field",
    "add_tag",
    "alike",
    "archive_client",
    "block_client",
    "change_details",
    "change_field",
    "change_tag",
    "filtered",
    "fold",
    "forget_view",
    "inert",
    "keep_view",
    "match",
    "matching",
    "move_field",
    "page_of",
    "put_tag",
    "record_export",
    "remove_contact",
    "remove_field",
    "remove_tag",
    "restore_client",
    "tag_clients",
    "tag_named",
    "tags_with_counts",
    "take_tag",
    "text_of",
    "total_of",
    "untag_clients",
    "views_of",
    "with_rows",
    "write_csv",
    "write_search",
    "write_xlsx",
]
